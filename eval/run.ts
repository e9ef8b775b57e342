/** `npm run eval`: how well the product finds things, through its own verbs, beside recorded figures. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { indexUnits } from "./index-units.ts";
import { asker, copiesIn, type Measured, measure, offTopic } from "./measure.ts";
import { loadSet, RECORDED, SET_NAMES, type TestSet } from "./sets.ts";
import { type Stack, startStack } from "./stack.ts";

const { values: options } = parseArgs({
  options: {
    data: {
      type: "string",
      default: fileURLToPath(new URL("../../shared/data/retrieval", import.meta.url).href),
    },
    set: { type: "string", multiple: true },
    limit: { type: "string" },
    "database-url": { type: "string" },
  },
});
const limit = options.limit ? Number(options.limit) : Number.POSITIVE_INFINITY;
/** Questions borrowed from another collection to see whether they are recognised as off topic. */
const STRANGERS = 50;

const figure = (value: number) => value.toFixed(3).replace(/^0/, "");

function row(name: string, measured: Measured): string {
  const recorded = RECORDED[name];
  const beside = recorded ? `${figure(recorded.bm25.ndcg)} ${figure(recorded.stack.ndcg).padStart(9)}` : "";
  return [
    name.padEnd(16),
    String(measured.queries).padStart(5),
    figure(measured.ndcg).padStart(8),
    figure(measured.recall).padStart(8),
    figure(measured.mrr).padStart(8),
    measured.ms.toFixed(1).padStart(8),
    measured.p95.toFixed(1).padStart(7),
    `${(100 * measured.flagged).toFixed(0)} %`.padStart(8),
    "  ",
    beside,
  ].join(" ");
}

async function evaluate(stack: Stack, set: TestSet, strangers: TestSet | null): Promise<void> {
  const ctx = await stack.organization(set.name);
  const started = performance.now();
  const units = await indexUnits(ctx, set.groups);
  const perUnit = (performance.now() - started) / units.size;
  const judged = set.queries
    .filter((query) => [...query.judged.values()].some((gain) => gain > 0))
    .slice(0, limit);
  const copies = copiesIn(set.groups);
  console.log(row(set.name, await measure(asker(ctx, false), judged, units, copies)));
  if (judged.some(({ history }) => history.length > 0)) {
    console.log(row(`${set.name}+history`, await measure(asker(ctx, true), judged, units, copies)));
  }
  const foreign = strangers?.queries.slice(0, Math.min(limit, STRANGERS)) ?? [];
  const caught =
    foreign.length > 0
      ? `; ${(100 * (await offTopic(asker(ctx, false), foreign))).toFixed(0)} % of ${foreign.length} questions about ${strangers?.name} recognised as off topic`
      : "";
  console.log(`  ${units.size} chunks indexed at ${perUnit.toFixed(1)} ms each${caught}`);
}

const wanted = options.set ?? SET_NAMES;
const stack = await startStack(options["database-url"]);
try {
  if (wanted.includes("golden") || !options.set) {
    // Brings the readers of every format with it, which the collections do not need.
    const { goldenReport } = await import("./golden.ts");
    console.log(await goldenReport(stack));
  }
  if (!existsSync(options.data)) {
    console.log(`The retrieval collections are not at ${options.data}; pass --data to measure them.`);
  } else {
    console.log(
      "set              queries nDCG@10 Recall@10 MRR@10  ms mean    p95  flagged    BM25 prototype (nDCG@10)",
    );
    for (const [at, name] of wanted.entries()) {
      if (name === "golden") continue;
      const set = loadSet(options.data, name);
      const other = SET_NAMES[(SET_NAMES.indexOf(name) + 1) % SET_NAMES.length] ?? name;
      if (set) await evaluate(stack, set, loadSet(options.data, other));
      else console.log(`${name.padEnd(16)} is not in ${options.data} (${at + 1} of ${wanted.length}).`);
    }
  }
} finally {
  await stack.close();
}
