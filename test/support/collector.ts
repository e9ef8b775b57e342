/** A collector of traces: the receiver of webhooks takes what comes, and this reads it as OTLP over HTTP says. */
import { vi } from "vitest";
import { otlpExport } from "../../src/infra/trace/otlp.ts";
import type { SamplerName, Tracing } from "../../src/infra/trace/port.ts";
import { samplerOf } from "../../src/infra/trace/sampler.ts";
import { tracing } from "../../src/infra/trace/tracing.ts";
import { newReceiver, type Receiver } from "./webhooks.ts";

export type SeenSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, string | number | boolean>;
  events: string[];
  failed: boolean;
};

export type Collector = Pick<Receiver, "url" | "will" | "received"> & {
  tracing: Tracing;
  /** Every span that has arrived, as soon as one is named `name`. */
  spans(name: string): Promise<SeenSpan[]>;
};

export function newCollector({
  sampler = "traceidratio",
  share = 1,
  timeoutMs = 10_000,
}: {
  sampler?: SamplerName;
  share?: number;
  timeoutMs?: number;
} = {}): Collector {
  const receiver = newReceiver();
  const { url } = receiver;
  return {
    ...receiver,
    tracing: tracing({
      service: "kalamna-test",
      sampler: samplerOf(sampler, share),
      send: otlpExport({ endpoint: url, headers: { "x-team": "t1" }, timeoutMs }),
    }),
    spans: (name) =>
      vi.waitUntil(
        async () => {
          const all = (await receiver.received()).flatMap(({ body }) => read(body));
          return all.some((span) => span.name === name) ? all : undefined;
        },
        { timeout: 20_000, interval: 50 },
      ),
  };
}

function read(body: string): SeenSpan[] {
  const { resourceSpans } = JSON.parse(body);
  return resourceSpans.flatMap(({ scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        ...span,
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }: any) => [
            key,
            value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue),
          ]),
        ),
        events: span.events.map(({ name }: any) => name),
        failed: span.status.code === 2,
      })),
    ),
  );
}

/** The names from the root down to each span, as `root > step > call`. */
export function paths(spans: readonly SeenSpan[]): string[] {
  const pathOf = (span: SeenSpan): string => {
    const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
    return above ? `${pathOf(above)} > ${span.name}` : span.name;
  };
  return spans.map(pathOf).sort();
}
