/** Remembers, for the life of the isolate, that a provider does not work, so that not every question finds out anew. */
import { AppError } from "../../errors.ts";
import { type Fault, isOfTheRequest, ProviderError } from "./failure.ts";
import type { CircuitReport } from "./port.ts";

/** Failures in a row after which it is left alone. */
export const FAILURES_TO_OPEN = 3;
/** How long at first; twice as long after each probe that fails. */
export const OPEN_MS = 15_000;
export const LONGEST_OPEN_MS = 300_000;
/** A wrong key does not heal by itself, but somebody may be correcting it. */
export const MISCONFIGURED_MS = 60_000;
/** A provider that asks for more than this is believed at the first time. */
const PATIENCE_SECONDS = 5;

/** What a question may provoke says nothing about the provider, or one organization could shut it for all. */
const BLAMELESS: ReadonlySet<Fault> = new Set(["empty", "too_long"]);

/** The right to ask once. Whoever has it says how it went, by one of the last three. */
export type Pass = {
  /** The first word came: a probe has succeeded. */
  began(): void;
  succeeded(): void;
  failed(thrown: unknown): void;
  /** The caller went away: nothing is known. */
  left(): void;
};

export type Circuit = {
  /** Null while it is left alone; half open, one question at a time gets through. */
  enter(): Pass | null;
  /** Gets through in any case: for whoever has nobody else to ask. */
  insist(): Pass;
  report(): CircuitReport;
  /** Why it is left alone. */
  lastError(): AppError | undefined;
};

type Open = { until: number; forMs: number; fault: Fault };

/** @param now milliseconds */
export function circuit(now: () => number = Date.now): Circuit {
  let failures = 0;
  let open: Open | undefined;
  let probing = false;
  let last: AppError | undefined;
  /** Survives a probe's first word, so that an answer that then breaks off does not start from anew. */
  let openedForMs = 0;

  const shut = (fault: Fault, retryAfter = 0) => {
    const usual = fault === "misconfigured" ? MISCONFIGURED_MS : Math.max(OPEN_MS, openedForMs * 2);
    openedForMs = Math.min(LONGEST_OPEN_MS, usual);
    const forMs = Math.min(LONGEST_OPEN_MS, Math.max(openedForMs, retryAfter * 1_000));
    open = { until: now() + forMs, forMs, fault };
  };

  const pass = (probe: boolean): Pass => {
    let over = false;
    let holds = probe;
    const release = () => {
      if (holds) probing = false;
      holds = false;
    };
    const end = (then: () => void) => () => {
      if (over) return;
      over = true;
      release();
      then();
    };
    const succeeded = end(() => {
      // A question from before it was shut proves nothing about now.
      if (open && !probe) return;
      failures = 0;
      openedForMs = 0;
      open = undefined;
    });
    return {
      began() {
        if (!holds) return;
        release();
        open = undefined;
        failures = FAILURES_TO_OPEN - 1;
      },
      succeeded,
      failed(thrown) {
        const fault = thrown instanceof ProviderError ? thrown.fault : "cut";
        if (isOfTheRequest(fault)) return succeeded();
        end(() => {
          if (BLAMELESS.has(fault) || (open && !probe)) return;
          failures += 1;
          last = thrown instanceof AppError ? thrown : undefined;
          const retryAfter = last?.retryAfter ?? 0;
          const atOnce = fault === "misconfigured" || retryAfter > PATIENCE_SECONDS;
          if (probe || atOnce || failures >= FAILURES_TO_OPEN) shut(fault, retryAfter);
        })();
      },
      left: end(() => undefined),
    };
  };

  return {
    enter() {
      if (!open) return pass(false);
      if (probing || now() < open.until) return null;
      probing = true;
      return pass(true);
    },
    insist: () => pass(open !== undefined),
    lastError: () => last,
    report() {
      if (!open) return { state: "closed", failures };
      const seconds = Math.max(0, Math.ceil((open.until - now()) / 1_000));
      const state = seconds === 0 ? "half_open" : open.fault === "misconfigured" ? "misconfigured" : "open";
      return { state, failures, fault: open.fault, retry_in_seconds: seconds };
    },
  };
}
