/** Gives every request an id and a context, and writes its one line when the answer is complete. */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { BaseCtx } from "../context.ts";
import type { Trace } from "../infra/trace/port.ts";
import { lineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { ON_DEMAND } from "./sse.ts";
import type { HttpEnv } from "./types.ts";

/** First of all middleware: sets `runtime`, `base` and `log`. */
export function requestLog(runtime: Runtime): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const requestId = c.req.header("cf-ray") ?? crypto.randomUUID();
    const trace = runtime.tracing.begin(c.req.method, {
      kind: "server",
      attributes: { "http.request.method": c.req.method },
      from: { traceparent: c.req.header("traceparent"), tracestate: c.req.header("tracestate") },
      waitUntil: (work) => c.executionCtx.waitUntil(work),
    });
    const log = lineLog({ request_id: requestId, method: c.req.method }, trace);
    const base: BaseCtx = {
      ports: runtime.ports,
      requestId,
      client: {
        address: c.req.header("cf-connecting-ip") ?? "local",
        agent: c.req.header("user-agent")?.slice(0, 300) ?? null,
      },
      signal: c.req.raw.signal,
      now: () => new Date(),
      log,
      trace,
      waitUntil: trace.waitUntil,
    };
    c.set("runtime", runtime);
    c.set("base", base);
    c.set("log", log);
    await trace.within(next);
    // The pattern, never the path: ids and names do not belong into a label.
    const route = routePath(c, -1);
    log.add({ route, status: c.res.status });
    trace.rename(`${c.req.method} ${route}`);
    const write = () => {
      log.write(c.res.status >= 500 ? "error" : "info");
      trace.end();
    };
    c.res.headers.set("traceresponse", trace.response);
    if (!c.res.headers.get("x-request-id")) c.res.headers.set("x-request-id", requestId);
    // Only answers that grow while they are read carry this header (http/sse.ts).
    if (!c.res.headers.has("x-accel-buffering")) return write();
    c.res = new Response(whenDone(c.res.body, write, trace), c.res);
  };
}

/** `body` unchanged, made within `trace`; `done` runs once, when it has been read to the end or given up. */
function whenDone(
  body: ReadableStream<Uint8Array> | null,
  done: () => void,
  trace: Trace,
): ReadableStream<Uint8Array> | null {
  if (!body) return body;
  const reader = body.getReader();
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done: ended, value } = await trace.within(() => reader.read());
        if (!ended) return controller.enqueue(value);
        controller.close();
      } catch (brokenOff) {
        controller.error(brokenOff);
      }
      done();
    },
    async cancel(reason) {
      done();
      await trace.within(() => reader.cancel(reason));
    },
  };
  return new ReadableStream(source, ON_DEMAND);
}
