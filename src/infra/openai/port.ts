/** What the rest of the product may know about how a provider is doing. */
import type { Fault } from "./failure.ts";

export type { Fault };

export type CircuitReport = {
  /**
   * `closed`: it is asked. `open`: it failed and is left alone. `half_open`: the next question tries it.
   * `misconfigured`: it refuses our key, address or model, and is left alone.
   */
  state: "closed" | "open" | "half_open" | "misconfigured";
  /** In a row. */
  failures: number;
  /** Why it is not closed, and when it is tried again. */
  fault?: Fault;
  retry_in_seconds?: number;
};

/** How it went with one provider; `ok` for the one that answered, `circuit_open` for one that was left alone. */
export type AttemptCode = "ok" | "circuit_open" | Fault;

export type Attempt = {
  model: string;
  code: AttemptCode;
  /** Until the first word, or until it failed. */
  ms: number;
};
