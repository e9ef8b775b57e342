/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { linesIn } from "../../../src/domain/telemetry/lines.ts";

const structured = (value: unknown) => linesIn({ structured: value, texts: [] });
const TIME = "2026-11-30T07:00:00.000Z";
const SECONDS = Date.parse(TIME) / 1000;

describe("log lines", () => {
  it("are one when the tool answers with a single object, whatever lists lie deep in it", () => {
    const text = JSON.stringify({ msg: "One.", a: { b: { c: { lines: [{ msg: "Hidden." }] } } } });
    expect(linesIn({ structured: null, texts: [text] })).toMatchObject([{ message: "One." }]);
  });

  it("are read from Loki's pairs of nanoseconds and text", () => {
    const values = [
      [`${SECONDS}000000000`, "ERROR The pump stopped."],
      [`${SECONDS}000000000`, `${TIME} warn: It is slow.`],
    ];
    expect(structured({ values })).toEqual([
      { time: TIME, severity: "error", message: "ERROR The pump stopped.", attributes: {} },
      { time: TIME, severity: "warn", message: `${TIME} warn: It is slow.`, attributes: {} },
    ]);
  });

  it("say what the program wrote, with what the collector put around it", () => {
    const log = JSON.stringify({ level: "warn", msg: "It is slow.", ms: 1200 });
    expect(structured({ logs: [{ timestamp: TIME, log, pod: "api-1" }] })).toEqual([
      { time: TIME, severity: "warn", message: "It is slow.", attributes: { pod: "api-1", ms: 1200 } },
    ]);
    expect(structured({ logs: [log] })).toMatchObject([{ message: "It is slow.", severity: "warn" }]);
  });

  it("without words are their fields", () => {
    expect(structured({ rows: [{ code: 500, path: "/tides" }] })).toMatchObject([
      { message: "code=500 path=/tides", attributes: { code: 500, path: "/tides" } },
    ]);
  });

  it("keep a list among their fields as JSON", () => {
    const [line] = structured([{ message: "Bye.", ports: [80, 443] }]);
    expect(line?.attributes).toEqual({ ports: "[80,443]" });
  });

  it.each([
    ["seconds", SECONDS],
    ["thousandths", SECONDS * 1e3],
    ["millionths", SECONDS * 1e6],
    ["billionths, as text", `${SECONDS}000000000`],
  ])("know a time in %s", (_, time) => {
    expect(structured([{ time, message: "Hello." }])).toMatchObject([{ time: TIME }]);
  });

  it("take no small number for a time", () => {
    expect(structured([{ time: 42, message: "Hello." }])).toMatchObject([
      { time: null, attributes: { time: 42 } },
    ]);
  });
});
