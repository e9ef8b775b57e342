/** Which traces are recorded, by the names that OpenTelemetry gives its samplers. */
import { SpanKind, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { SamplerName } from "./port.ts";

const ids = new RandomIdGenerator();

/** Only the `parentbased_` ones believe a caller. @param share of traces, 0 to 1; for those that take one */
export function samplerOf(name: SamplerName, share: number): Sampler {
  switch (name) {
    case "always_on":
      return own(new AlwaysOnSampler());
    case "always_off":
      return own(new AlwaysOffSampler());
    case "traceidratio":
      return own(new TraceIdRatioBasedSampler(share));
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) });
  }
}

/**
 * A request's trace goes on here, but neither its flag nor its id says whether it is recorded: anybody may send both.
 * What is below a span of ours, or comes through our own queue, is recorded with it.
 */
function own(root: Sampler): Sampler {
  const ours = new ParentBasedSampler({ root });
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const isCallers = kind === SpanKind.SERVER && trace.getSpanContext(context)?.isRemote === true;
      return isCallers
        ? root.shouldSample(trace.deleteSpan(context), ids.generateTraceId(), name, kind, attributes, links)
        : ours.shouldSample(context, traceId, name, kind, attributes, links);
    },
  };
}
