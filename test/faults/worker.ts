/** The Worker behind a queue at its worst: messages come twice, at the same moment, late, and long after their turn. */
import { sweepFiles } from "../../src/domain/files/sweep.ts";
import { lineLog } from "../../src/log.ts";
import { deferredCtx } from "../../src/queue/context.ts";
import worker, { runtimeFor } from "../../src/worker.ts";
import { dice } from "../fixtures/damage.ts";

type FaultEnv = Record<string, unknown> & { FILES: R2Bucket; INGEST: Queue; INGEST_BULK: Queue };

/** Messages kept to be delivered again much later. */
const MOST_KEPT = 40;

let roll: ((limit: number) => number) | undefined;
const kept: { message: Message; queue: string }[] = [];

/** The same message once more; what becomes of it is of no consequence, as after a lost acknowledgement. */
const copyOf = ({ id, timestamp, body, attempts }: Message, queue: string, batch: MessageBatch) => ({
  ...batch,
  queue,
  messages: [{ id, timestamp, body, attempts, ack() {}, retry() {} }],
  ackAll() {},
  retryAll() {},
});

async function deliver(batch: MessageBatch, env: FaultEnv, execution: ExecutionContext): Promise<void> {
  const again = (message: Message, queue = batch.queue) =>
    worker.queue(copyOf(message, queue, batch) as unknown as MessageBatch, env, execution);
  const once = () => worker.queue(batch, env, execution);
  roll ??= dice(Number(env.FAULT_SEED ?? 1));
  const luck = env.FAULT_CALM === "true" ? 99 : roll(100);
  const [message] = batch.messages;
  if (!message || batch.messages.length > 1) return once();
  const lane =
    batch.queue === "kalamna-ingest"
      ? env.INGEST
      : batch.queue === "kalamna-ingest-bulk"
        ? env.INGEST_BULK
        : null;
  if (luck < 10 && lane) {
    await lane.send(message.body, { delaySeconds: 1 + roll(3) });
    return message.ack();
  }
  if (luck < 20) {
    await again(message);
    return once();
  }
  if (luck < 30) {
    await Promise.all([again(message), once()]);
    return;
  }
  if (luck < 45 && kept.length < MOST_KEPT) kept.push({ message, queue: batch.queue });
  else if (luck < 60) {
    const [old] = kept.splice(roll(Math.max(1, kept.length)), 1);
    if (old) await again(old.message, old.queue);
  }
  return once();
}

/** The sweeper of stored files as it will be in so many hours; what is younger than one it leaves alone. */
async function filesLater(request: Request, env: FaultEnv, execution: ExecutionContext): Promise<Response> {
  const hours = Number(new URL(request.url).searchParams.get("hours"));
  const now = () => new Date(Date.now() + hours * 3_600_000);
  const runtime = runtimeFor(env);
  const trace = runtime.tracing.begin("later", { waitUntil: (work) => execution.waitUntil(work) });
  const ctx = deferredCtx(runtime, "later", lineLog({}), trace);
  return Response.json(await sweepFiles({ ...ctx, now }));
}

/** What storage holds, for whoever checks it: all keys, or one file. PUT leaves one that nobody knows of. */
async function files(request: Request, bucket: R2Bucket): Promise<Response> {
  const key = new URL(request.url).searchParams.get("key");
  if (key !== null && request.method === "PUT") {
    await bucket.put(key, "nobody's");
    return new Response(null, { status: 204 });
  }
  if (key !== null) {
    const object = await bucket.get(key);
    return object ? new Response(object.body) : new Response(null, { status: 404 });
  }
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list(cursor === undefined ? {} : { cursor });
    keys.push(...page.objects.map((object) => object.key));
    if (!page.truncated) return Response.json(keys);
    cursor = page.cursor;
  }
}

export default {
  fetch(request, env, execution) {
    const { pathname } = new URL(request.url);
    if (pathname === "/test/files") return files(request, env.FILES);
    if (pathname === "/test/files/sweep") return filesLater(request, env, execution);
    return worker.fetch(request, env, execution);
  },
  queue: deliver,
  scheduled: worker.scheduled,
} satisfies ExportedHandler<FaultEnv>;
