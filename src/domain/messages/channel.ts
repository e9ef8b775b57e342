/** The ways a question comes in. */
import type { Actor } from "../../context.ts";

export const CHANNELS = ["api", "chat", "widget", "openai", "ai-sdk", "mcp"] as const;
export type Channel = (typeof CHANNELS)[number];

/** What the native API's questions come through. */
export const channelOf = (actor: Actor): Channel => (actor.kind === "widget" ? "widget" : "api");
