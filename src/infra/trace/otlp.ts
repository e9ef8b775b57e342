/** Sends spans to a collector: OTLP over HTTP, as JSON (opentelemetry.io/docs/specs/otlp). */
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { codeOf } from "./code.ts";

/** Never throws: spans that nobody takes are lost, and a log line says so. */
export type Export = (spans: readonly ReadableSpan[]) => Promise<void>;

export type Collector = {
  /** What stands before `/v1/traces`. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
};

export function otlpExport({ endpoint, headers, timeoutMs }: Collector): Export {
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  return async (spans) => {
    const body = spans.length > 0 && JsonTraceSerializer.serializeRequest([...spans]);
    if (!body) return;
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: { ...headers, "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) lost(spans, String(response.status));
    } catch (thrown) {
      lost(spans, codeOf(thrown));
    }
  };
}

function lost(spans: readonly ReadableSpan[], why: string): void {
  const line = { event: "trace.lost", trace_id: spans[0]?.spanContext().traceId, spans: spans.length, why };
  console.warn(JSON.stringify({ at: new Date().toISOString(), level: "warn", ...line }));
}
