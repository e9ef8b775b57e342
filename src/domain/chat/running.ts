/** An answer that goes on for itself: whoever reads it may come, go and come back. */
import type { Ctx, ServiceActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Turn } from "../answers/ask.ts";
import type { AnswerEvent } from "../answers/events.ts";
import { Stopped } from "../answers/stopped.ts";
import { keptSources } from "../messages/record.ts";
import { holdDocuments } from "../messages/sql.ts";
import { sleep } from "../sleep.ts";
import { eventLog } from "./event-log.ts";
import { insertPiece, keepAlive } from "./event-sql.ts";

/** How often somebody's wish in the same isolate that it stop is looked for. Milliseconds. */
const TICK_MS = 200;
/** Between two writes of what has come: soon at first, then seldom, since each is a round trip. Milliseconds. */
const WRITE_MS = { from: 700, to: 3_000, growth: 1.3 };

export type Running = {
  /** What has been said so far, and then what is being said. Throws what the answer fails with before its first word. */
  follow(): AsyncGenerator<AnswerEvent, void, undefined>;
  /** Its reader went away: the organization decides whether it goes on. */
  leave(): void;
};

type Started = (ctx: Ctx, hooks: Pick<Turn, "began" | "end">) => AsyncGenerator<AnswerEvent>;

/** Starts an answer and sees to it that it ends, is written down as it comes, and stops when somebody says so. */
export function runAnswer(ctx: Ctx, messageId: string, start: Started): Running {
  const { orgId } = ctx.actor;
  const service: Ctx<ServiceActor> = { ...ctx, actor: { kind: "service", orgId } };
  const control = new AbortController();
  const over = new AbortController();
  const wish = { stop: false };
  const log = eventLog();
  const seen: AnswerEvent[] = [];
  let failure: { thrown: unknown } | undefined;
  let goesOn: boolean | undefined;
  let left = false;
  let sourcesWritten = false;
  let news = Promise.withResolvers<void>();

  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const stop = () => control.abort(new Stopped());
  const leave = () => {
    left = true;
    if (goesOn === false) stop();
  };

  const events = start(
    { ...ctx, signal: control.signal },
    {
      began({ finishAnswers }) {
        goesOn = finishAnswers;
        if (left) leave();
        ctx.waitUntil(attend());
      },
      end(db) {
        const piece = log.take();
        return piece ? [insertPiece(db, orgId, messageId, piece)] : [];
      },
    },
  );

  /** Takes the events as fast as they come, whoever reads them. */
  const run = async () => {
    ctx.ports.underWay.set(messageId, wish);
    ctx.signal.addEventListener("abort", leave, { once: true });
    try {
      for await (const event of events) {
        log.add(event);
        seen.push(event);
        tell();
      }
    } catch (thrown) {
      failure = { thrown };
    } finally {
      ctx.ports.underWay.delete(messageId);
      ctx.signal.removeEventListener("abort", leave);
      over.abort();
      tell();
    }
  };

  const attend = async () => {
    let pause = WRITE_MS.from;
    let writeAt = ctx.now().getTime() + pause;
    for (;;) {
      await sleep(TICK_MS, over.signal);
      if (over.signal.aborted) return;
      if (wish.stop) stop();
      if (ctx.now().getTime() < writeAt) continue;
      await write();
      pause = Math.min(WRITE_MS.to, pause * WRITE_MS.growth);
      writeAt = ctx.now().getTime() + pause;
    }
  };

  const write = async () => {
    const piece = log.take();
    const found = sourcesWritten ? undefined : seen.find((event) => event.type === "sources");
    const kept = found && { ...keptSources(found.sources, found.sources), retrieval: found.retrieval };
    try {
      const [, [alive]] = await tenantBatch(service, (db) => [
        holdDocuments(db, orgId, kept?.documentIds ?? []),
        keepAlive(db, orgId, messageId, kept ?? {}),
        ...(piece ? [insertPiece(db, orgId, messageId, piece)] : []),
      ]);
      if (found) sourcesWritten = true;
      // Without a row the conversation has been deleted.
      if (!alive || alive.stopRequested) stop();
    } catch {
      log.putBack(piece);
      ctx.log.add({ chat_write_failed: true });
    }
  };

  ctx.waitUntil(run());
  return {
    leave,
    async *follow() {
      for (let at = 0; ; ) {
        const event = seen[at];
        if (event) {
          at += 1;
          yield event;
        } else if (failure) throw failure.thrown;
        else if (over.signal.aborted) return;
        else await news.promise;
      }
    },
  };
}
