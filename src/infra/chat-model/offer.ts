/** Which chat models are offered, in which order they are asked, and how each of them is doing. */
import { circuit } from "../openai/circuit.ts";
import { chain, type Link, type Links } from "./chain.ts";
import type { ChatModel, Chats } from "./port.ts";

export type ChatOffer = {
  /** For organizations that have chosen nothing. */
  chat: ChatModel;
  chats: Chats;
};

/**
 * One circuit a model, whichever chains it is in.
 * @param first the default chain, in its order
 * @param more offered to organizations that choose them
 * @param totalMs until the first word, all attempts of a question together
 */
export function offerChats(
  first: readonly [ChatModel, ...ChatModel[]],
  more: readonly ChatModel[],
  totalMs: number,
): ChatOffer {
  const link = (model: ChatModel): Link => ({ model, circuit: circuit() });
  const [head, ...tail] = first;
  const usual: Links = [link(head), ...tail.map(link)];
  const offered = new Map<string, Link>();
  for (const one of [...usual, ...more.map(link)]) {
    if (!offered.has(one.model.model)) offered.set(one.model.model, one);
  }
  return {
    chat: chain(usual, totalMs),
    chats: {
      list: () =>
        [...offered.values()].map((one) => {
          const { model, mode, limits, price } = one.model;
          return {
            model,
            mode,
            ...(limits ? { limits } : {}),
            ...(price ? { price } : {}),
            default: usual.includes(one),
            circuit: () => one.circuit.report(),
          };
        }),
      chosen(names) {
        const [one, ...others] = names.flatMap((name) => offered.get(name) ?? []);
        return one && chain([one, ...others], totalMs);
      },
    },
  };
}
