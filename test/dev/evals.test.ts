/** The parts of the evals command that need no server. */
import { describe, expect, test } from "vitest";
import { gateOf } from "../../src/dev/evals/gate.ts";
import { reportOf } from "../../src/dev/evals/report.ts";
import { checksOf, figuresOf } from "../../src/domain/evals/figures.ts";
import { judgeFailure } from "../../src/domain/evals/judge.ts";
import type { ResultView, RunView } from "../../src/domain/evals/run-view.ts";

describe("a gate", () => {
  test("is written as figures and numbers", () => {
    expect(gateOf(["hit@5=0.9", "false_refusals=.1", "latency_p95=2000"])).toEqual({
      hit_at_5: 0.9,
      false_refusals: 0.1,
      latency_p95: 2000,
    });
  });

  test.each(["hit@4=0.9", "hit@5", "hit@5=many", "hit@5=-1", "toString=1"])("is not %s", (text) => {
    expect(() => gateOf([text])).toThrow(/write figure=number/);
  });
});

test("a report shows configurations beside each other, what was missed and why, and the gate", () => {
  const asked = {
    question: "When?",
    document_ids: ["a"],
    external_ids: [],
    facts: ["noon"],
    answerable: true,
    tags: [],
  };
  const good = { ...judgeFailure(asked, { code: "", detail: "" }), rank: 1, ndcg: 1, facts: [false] };
  const { error: _, ...outcome } = good;
  const figures = [
    figuresOf([{ asked, outcome }]),
    figuresOf([{ asked, outcome: judgeFailure(asked, { code: "x", detail: "" }) }]),
  ];
  const run = {
    configurations: [{ name: "old" }, {}],
    figures,
    failure: null,
    gate: { passed: false, checks: checksOf({ hit_at_5: 0.9, facts_found: 0.5 }, figures[0]!) },
  } as unknown as RunView;
  const results: ResultView[] = [
    { case_id: "c", configuration: 0, status: "done", asked, outcome, answer: null },
  ];
  const report = reportOf(run, results);
  expect(report).toMatch(/old +configuration 2/);
  expect(report).toMatch(/hit_at_5 +1\.000 +0\.000/);
  expect(report).toContain("When?: does not say: noon");
  expect(report).toContain("Gate: NOT passed");
  expect(report).toContain("ok   hit_at_5: 1.000, at least 0.9");
  expect(report).toContain("FAIL facts_found: 0.000, at least 0.5");
});
