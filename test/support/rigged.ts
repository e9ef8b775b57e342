/** The Worker with some parts replaced, whose messages the test delivers itself. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import type { Ports } from "../../src/context.ts";
import { AppError } from "../../src/errors.ts";
import { createApp } from "../../src/http/app.ts";
import type { Database } from "../../src/infra/db/client.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import type { Job } from "../../src/infra/jobs/port.ts";
import { consume } from "../../src/queue/consume.ts";
import type { Runtime } from "../../src/runtime.ts";
import { type Answer, type CallOptions, read, requestOf, runtime } from "./api.ts";

export type Rig = {
  /** Messages in the order they were sent; the test takes them out. */
  sent: Job[];
  /** Texts that the embedding model was asked for, in order. */
  embedded: string[];
  runtime: Runtime;
  /** Asks over HTTP. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Delivers one message; `with` replaces parts for this delivery only. */
  deliver(
    job: unknown,
    options?: { with?: Partial<Ports>; attempts?: number; queue?: string },
  ): Promise<{ acked: boolean; retried: boolean }>;
  /** Delivers what has been sent, and what that sends, until nothing is left. */
  drain(): Promise<void>;
};

export function rig(): Rig {
  const real = runtime();
  const sent: Job[] = [];
  const embedded: string[] = [];
  const embedder = real.ports.embedders.default;
  const over: Runtime = {
    ...real,
    ports: {
      ...real.ports,
      jobs: { send: async (_lane, more) => void sent.push(...more) },
      embedders: offer({
        ...embedder,
        embed(texts, signal) {
          embedded.push(...texts);
          return embedder.embed(texts, signal);
        },
      }),
    },
  };
  const app = createApp(over);
  const deliver: Rig["deliver"] = async (job, options = {}) => {
    const { attempts = 1, queue = "kalamna-ingest" } = options;
    const batch = createMessageBatch(queue, [
      { id: crypto.randomUUID(), timestamp: new Date(), attempts, body: job },
    ]);
    const execution = createExecutionContext();
    const parts = { ...over, ports: { ...over.ports, ...options.with } };
    await consume(batch, parts, (work) => execution.waitUntil(work));
    const { explicitAcks, retryMessages } = await getQueueResult(batch, execution);
    return { acked: explicitAcks.length > 0, retried: retryMessages.length > 0 };
  };
  return {
    sent,
    embedded,
    runtime: over,
    deliver,
    call: async (method, path, options = {}) =>
      read(await app.request(path, requestOf(method, options), {}, createExecutionContext())),
    async drain() {
      for (let job = sent.shift(); job; job = sent.shift()) await deliver(job);
    },
  };
}

/** The database, and `act` just before the `nth` batch of it. */
export function before(db: Database, nth: number, act: () => Promise<void>) {
  let batches = 0;
  const rigged = new Proxy(db, {
    get: (target, name, receiver) =>
      name === "batch"
        ? async (statements: Parameters<typeof db.batch>[0]) => {
            if (++batches === nth) await act();
            return target.batch(statements);
          }
        : Reflect.get(target, name, receiver),
  });
  return { db: rigged, batches: () => batches };
}

/** A promise that the test settles. */
export const gate = () => Promise.withResolvers<void>();

/** A queue that takes nothing. */
export const queueAway: Ports["jobs"] = { send: () => Promise.reject(new AppError("storage_unavailable")) };
