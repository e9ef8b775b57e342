/** Conversations by the name that a client gave them: clients of others choose their own, before we know of it. */
import type { Actor, Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { sleep } from "../sleep.ts";
import type { Place } from "./chat.ts";
import { turnsOf } from "./history.ts";
import { ownerOf } from "./sql.ts";

/** What a client still shows of a conversation. */
export type Standing = {
  /** Ids of the answers in it; those that are not ours say nothing. */
  answers: readonly string[];
  /** The question takes the place of an earlier one: what is not among `answers` has been taken back. */
  isChanged: boolean;
};

/** A client that stops an answer may ask the next question before it is written down that the answer ended. Milliseconds. */
const PATIENCE_MS = { all: 1_500, pause: 150 };

/**
 * Where a question goes that names its conversation so: into the one that the caller has, or into a new one. The words of
 * what was said before are those that we have kept.
 * @throws AppError `answer_running`
 */
export async function placeNamed(ctx: Ctx, name: string, standing: Standing): Promise<Place> {
  const until = ctx.now().getTime() + PATIENCE_MS.all;
  for (;;) {
    try {
      return await byName(ctx.actor, name, (id) => placeIn(ctx, id, standing));
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if (code === "not_found") return { sessionId: await idFor(ctx.actor, name), isNew: true, turns: [] };
      if (code !== "answer_running" || ctx.now().getTime() >= until) throw thrown;
      await sleep(PATIENCE_MS.pause, ctx.signal);
    }
  }
}

async function placeIn(ctx: Ctx, sessionId: string, { answers, isChanged }: Standing): Promise<Place> {
  const turns = await turnsOf(ctx, sessionId);
  const kept = turns.filter(({ id }) => answers.includes(id));
  // Who names none of our answers keeps no history, or has ids of its own: all of it stands.
  return { sessionId, isNew: false, turns: kept.length > 0 || isChanged ? kept : turns };
}

/** Whether a conversation was found by its id, or by what its owner's client calls it. */
type By = "id" | "name";

/**
 * What `verb` does with the conversation of that name: one with that id, else the one that the caller has given the name.
 * @throws AppError what `verb` throws; `not_found` once neither is there
 */
export async function byName<T>(
  actor: Actor,
  name: string,
  verb: (id: string, by: By) => Promise<T>,
): Promise<T> {
  if (isId(name)) {
    try {
      return await verb(name, "id");
    } catch (thrown) {
      if (toAppError(thrown).code !== "not_found") throw thrown;
    }
  }
  return verb(await idFor(actor, name), "name");
}

/** Ids are UUIDs; any other name is a client's own. */
export const isId = (name: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(name);

/** The same for the same caller and name, and for nobody else: a UUID of version 8 (RFC 9562 §5.8). */
async function idFor(actor: Actor, name: string): Promise<string> {
  const { userId, keyId, endUser, visitorId } = ownerOf(actor);
  const named = JSON.stringify([actor.orgId, userId, keyId, endUser, visitorId, name]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(named));
  const hex = Buffer.from(digest).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
