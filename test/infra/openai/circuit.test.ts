import { beforeEach, describe, expect, test } from "vitest";
import {
  type Circuit,
  circuit,
  FAILURES_TO_OPEN,
  LONGEST_OPEN_MS,
  MISCONFIGURED_MS,
  OPEN_MS,
} from "../../../src/infra/openai/circuit.ts";
import { type Fault, ProviderError } from "../../../src/infra/openai/failure.ts";

let now: number;
let one: Circuit;
beforeEach(() => {
  now = 1_000_000;
  one = circuit(() => now);
});

const fault = (kind: Fault, retryAfter?: number) =>
  new ProviderError("model_unavailable", kind, retryAfter === undefined ? {} : { retryAfter });
const fail = (error = fault("overloaded")) => one.enter()!.failed(error);
const open = () => {
  for (let n = 0; n < FAILURES_TO_OPEN; n++) fail();
};

test("stays closed while failures are fewer, or a success comes between them", () => {
  for (let round = 0; round < 3; round++) {
    for (let n = 1; n < FAILURES_TO_OPEN; n++) fail();
    one.enter()!.succeeded();
  }
  expect(one.report()).toEqual({ state: "closed", failures: 0 });
});

test("opens after so many in a row, says why and until when", () => {
  open();
  expect(one.enter()).toBeNull();
  expect(one.report()).toEqual({
    state: "open",
    failures: FAILURES_TO_OPEN,
    fault: "overloaded",
    retry_in_seconds: OPEN_MS / 1_000,
  });
});

test.each(["refused", "content_policy"] as const)("%s says that the provider works", (kind) => {
  for (let n = 0; n < 5; n++) fail(fault(kind));
  expect(one.report()).toEqual({ state: "closed", failures: 0 });
});

test.each(["empty", "too_long"] as const)("%s, which a question may provoke, counts for nothing", (kind) => {
  for (let n = 0; n < 5; n++) fail(fault(kind));
  expect(one.report()).toEqual({ state: "closed", failures: 0 });
});

test("opens at once for a key that is refused", () => {
  fail(fault("misconfigured"));
  expect(one.enter()).toBeNull();
  expect(one.report()).toMatchObject({
    state: "misconfigured",
    retry_in_seconds: MISCONFIGURED_MS / 1_000,
  });
});

test("opens at once, and as long as it is asked to, for a provider that asks for patience", () => {
  fail(fault("rate_limited", 2));
  expect(one.report().state).toBe("closed");
  fail(fault("rate_limited", 90));
  expect(one.report()).toMatchObject({ state: "open", retry_in_seconds: 90 });
  one = circuit(() => now);
  fail(fault("rate_limited", 86_400));
  expect(one.report().retry_in_seconds).toBe(LONGEST_OPEN_MS / 1_000);
});

describe("half open", () => {
  beforeEach(() => {
    open();
    now += OPEN_MS;
  });

  test("lets one question through", () => {
    expect(one.report().state).toBe("half_open");
    expect(one.enter()).not.toBeNull();
    expect(one.enter()).toBeNull();
  });

  test("closes with the first word, for the others too", () => {
    const probe = one.enter()!;
    probe.began();
    expect(one.enter()).not.toBeNull();
    probe.succeeded();
    expect(one.report()).toEqual({ state: "closed", failures: 0 });
  });

  test("opens again, for twice as long, when the probe fails; five minutes at most", () => {
    for (const seconds of [30, 60, 120, 240, 300, 300]) {
      one.enter()!.failed(fault("timeout"));
      expect(one.report()).toMatchObject({ state: "open", retry_in_seconds: seconds });
      now += seconds * 1_000;
    }
  });

  test("opens again when the probe's answer breaks off", () => {
    const probe = one.enter()!;
    probe.began();
    probe.failed(fault("cut"));
    expect(one.report()).toMatchObject({ state: "open", retry_in_seconds: 30 });
  });

  test("lets the next one try when the probe's caller goes away", () => {
    one.enter()!.left();
    expect(one.report().state).toBe("half_open");
    expect(one.enter()).not.toBeNull();
  });

  test("is not moved by what began before it opened", () => {
    one = circuit(() => now);
    const early = [one.enter()!, one.enter()!];
    open();
    early[0]!.succeeded();
    expect(one.report().state).toBe("open");
    early[1]!.failed(fault("timeout"));
    expect(one.report()).toMatchObject({ failures: FAILURES_TO_OPEN, retry_in_seconds: OPEN_MS / 1_000 });
  });
});
