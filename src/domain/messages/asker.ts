/** Whose a question or a conversation is, as their rows name it. */
import type { Actor } from "../../context.ts";

export type Asker = { userId: string | null; keyId: string | null; visitorId: string | null };

export const askerOf = (actor: Actor): Asker => ({
  userId: actor.kind === "user" ? actor.userId : null,
  keyId: actor.kind === "key" ? actor.keyId : null,
  visitorId: actor.kind === "widget" ? actor.visitorId : null,
});

/** As rows write it: 0 for readers of external documents only. */
export function accessOf(actor: Actor): 0 | 1 {
  if (actor.kind === "service") return 1;
  return actor.kind === "widget" || actor.access === "external" ? 0 : 1;
}
