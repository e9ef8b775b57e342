/** What a request or a message did and how long each part took, as one trace that other systems may go on with. */

export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Kind = "internal" | "server" | "client" | "producer" | "consumer";

export type About = { kind?: Kind; attributes?: Attributes };

/** The W3C headers `traceparent` and `tracestate`. */
export type Carrier = { traceparent: string; tracestate?: string };

/** One part of a trace. Never document text, a question, an e-mail or a secret; never an address somebody gave us. */
export type Span = {
  set(attributes: Attributes): void;
  event(name: string): void;
  /** @param code what went wrong, out of few: an error's code or a status, never its message */
  fail(code: string): void;
  end(): void;
  /** What `work` does is below this span. */
  within<T>(work: () => T): T;
  /** A span below this one; whoever opens it ends it. */
  open(name: string, about?: About): Span;
  /** Runs `work` in a span below this one. */
  run<T>(name: string, about: About, work: (span: Span) => Promise<T>): Promise<T>;
  /** For whoever goes on with the trace elsewhere; undefined where there is none. */
  carrier(): Carrier | undefined;
};

/** All that one request or message does. There is always one, for the log; most are recorded nowhere. */
export type Trace = Pick<Span, "set" | "fail" | "run" | "within"> & {
  /** 32 lower-case hex digits. */
  id: string;
  /** 16 lower-case hex digits, of what stands above everything else here. */
  spanId: string;
  /** The header `traceresponse` (W3C Trace Context, editor's draft). */
  response: string;
  rename(name: string): void;
  /** Work that may outlive the answer, and belongs to the trace. */
  waitUntil(work: Promise<unknown>): void;
  /** Everything but what `waitUntil` waits for is done; the trace is sent when that is done too. Call once. */
  end(): void;
};

export type Beginning = About & {
  /** Whose trace goes on here; what cannot be read is ignored. */
  from?: { traceparent?: string | undefined; tracestate?: string | undefined } | undefined;
  /** The platform's. */
  waitUntil(work: Promise<unknown>): void;
};

export type Tracing = {
  begin(name: string, beginning: Beginning): Trace;
};

/** As OpenTelemetry names them. */
export const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

const nothing = () => undefined;

/** Records nothing. */
export const NO_SPAN: Span = {
  set: nothing,
  event: nothing,
  fail: nothing,
  end: nothing,
  within: (work) => work(),
  open: () => NO_SPAN,
  run: (_name, _about, work) => work(NO_SPAN),
  carrier: nothing,
};
