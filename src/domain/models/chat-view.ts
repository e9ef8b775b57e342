/** What an admin is told about the language models; never an address or a key. */
import type { Chats, Limits, Price } from "../../infra/chat-model/port.ts";
import type { CircuitReport } from "../../infra/openai/port.ts";
import { usable } from "./choose-chat.ts";

export type ChatView = {
  offered: {
    model: string;
    mode: "offline" | "openai";
    /** In the installation's order, which counts for organizations that have chosen nothing. */
    default: boolean;
    /** Tokens; null when the operator did not say. */
    context: number | null;
    max_output: number | null;
    /** For a million tokens; null when the operator did not say. */
    price: Price | null;
    state: CircuitReport["state"];
  }[];
  /** The organization's own order; empty for the installation's. */
  chosen: string[];
  /** Who is asked, in this order. Empty when nothing of the choice is offered any more. */
  chain: string[];
};

export function chatView(chats: Chats, chosen: string[]): ChatView {
  const offered = chats.list();
  return {
    offered: offered.map((one) => ({
      model: one.model,
      mode: one.mode,
      default: one.default,
      ...limitsOf(one.limits),
      price: one.price ?? null,
      state: one.circuit().state,
    })),
    chosen,
    chain: usable(chats, chosen),
  };
}

const limitsOf = ({ context, maxOutput }: Limits = {}) => ({
  context: context ?? null,
  max_output: maxOutput ?? null,
});
