/** The context of work that nobody waits for. */
import type { BaseCtx } from "../context.ts";
import type { Trace } from "../infra/trace/port.ts";
import type { LineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";

/** @param requestId of the request that asked for the work, where there is one */
export function deferredCtx({ ports }: Runtime, requestId: string, log: LineLog, trace: Trace): BaseCtx {
  return {
    ports,
    requestId,
    client: { address: "queue", agent: null },
    signal: new AbortController().signal,
    now: () => new Date(),
    log,
    trace,
    waitUntil: trace.waitUntil,
  };
}
