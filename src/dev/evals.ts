/** `npm run evals -- --cases golden.jsonl --gate hit@5=0.9`: golden questions asked of an organization, here or deployed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Imported } from "../domain/evals/import.ts";
import type { ResultView, RunView } from "../domain/evals/run-view.ts";
import { caller } from "./evals/api.ts";
import { gateOf } from "./evals/gate.ts";
import { reportOf } from "./evals/report.ts";
import { localCredential } from "./ingest/local-org.ts";

const USAGE = `Usage: npm run evals -- [options]

  --cases <file>       golden questions to import first: a JSON array, or an object a line
  --replace            all other cases go
  --tag <tag>          only cases with this tag; may be given several times
  --gate <f=n>         e.g. hit@5=0.9 or false_refusals=0.1; may be given several times. Ends with 1 when one fails
  --search             find only, ask no model
  --config <json>      how to ask, e.g. '{"top_k":5,"name":"five"}'; twice to compare
  --org <name or id>   organization of the stack on this machine
  --url <address>      another Worker (default http://127.0.0.1:8787)
  --key <key>          API key with the scope evals (better: KALAMNA_KEY in the environment)
  --json               print the run as JSON`;

const OPTIONS = {
  cases: { type: "string" },
  replace: { type: "boolean", default: false },
  tag: { type: "string", multiple: true, default: [] as string[] },
  gate: { type: "string", multiple: true, default: [] as string[] },
  search: { type: "boolean", default: false },
  config: { type: "string", multiple: true, default: [] as string[] },
  org: { type: "string" },
  url: { type: "string" },
  key: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const POLL_MS = 1_000;
const JSON_TYPE = "application/json";

/** @returns the exit code: 0 when the run came to its end and passed its gate, if it has one */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const gate = gateOf(values.gate);
  const configurations = values.config.map((text) => JSON.parse(text) as object);
  const key = values.key ?? process.env.KALAMNA_KEY;
  const url = values.url ?? `http://127.0.0.1:${process.env.PORT || "8787"}`;
  const dataDir = process.env.KALAMNA_DATA || join(import.meta.dirname, "../../.data");
  const credential =
    key === undefined ? (await localCredential(dataDir, values.org)).credential : async () => key;
  const call = caller(url, credential);

  if (values.cases !== undefined) {
    const text = await readFile(values.cases, "utf8");
    const type = text.trimStart().startsWith("[") ? JSON_TYPE : "application/x-ndjson";
    const { imported } = await call<{ imported: Imported }>(
      "POST",
      `/cases/import?replace=${values.replace}`,
      { type, text },
    );
    const { created, changed, deleted } = imported;
    console.error(`Cases: ${created} new, ${changed} as they were or changed, ${deleted} deleted`);
  }
  const asked = {
    kind: values.search ? "search" : "answer",
    tags: values.tag,
    ...(configurations.length > 0 ? { configurations } : {}),
    ...(values.gate.length > 0 ? { gate } : {}),
  };
  const begun = await call<{ run: RunView }>("POST", "/run", {
    type: JSON_TYPE,
    text: JSON.stringify(asked),
  });
  const { run, results } = await ended(begun.run, () =>
    call<{ run: RunView; results: ResultView[] }>("GET", `/runs/${begun.run.id}`),
  );
  console.log(values.json ? JSON.stringify({ run, results }, null, 2) : reportOf(run, results));
  return run.status === "done" && run.gate?.passed !== false ? 0 : 1;
}

async function ended<Found extends { run: RunView }>(
  { progress }: RunView,
  look: () => Promise<Found>,
): Promise<Found> {
  console.error(`Asking ${progress.total} questions`);
  for (;;) {
    const found = await look();
    if (found.run.status !== "running") return found;
    await pause(POLL_MS);
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
