/** `npm run ingest -- ./folder`: a folder into an organization, here or deployed; `--dry-run` says first what it would cost. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clientFor } from "./ingest/client.ts";
import { filesBelow } from "./ingest/files.ts";
import { localCredential } from "./ingest/local-org.ts";
import { type Report, run } from "./ingest/run.ts";
import { type Survey, survey } from "./ingest/survey.ts";

const USAGE = `Usage: npm run ingest -- <folder or file>… [options]

  --dry-run            say what it would become and cost; keep nothing
  --org <name or id>   organization of the stack on this machine
  --url <address>      another Worker (default http://127.0.0.1:8787)
  --key <key>          API key with documents:read and documents:write (better: KALAMNA_KEY in the environment)
  --access <level>     internal or external
  --groups <ids>       who may read them, ids between commas
  --metadata <json>    labels of every document
  --include <glob>     only these, e.g. '*.pdf'; may be given several times
  --exclude <glob>     not these
  --concurrency <n>    files at a time (default 4)
  --price <dollars>    of a million tokens, for the dry run
  --no-wait            end once everything is uploaded
  --json               print the report as JSON

A file is known by its path in the folder: run again, only what changed is sent.`;

const OPTIONS = {
  "dry-run": { type: "boolean", default: false },
  org: { type: "string" },
  url: { type: "string" },
  key: { type: "string" },
  access: { type: "string" },
  groups: { type: "string" },
  metadata: { type: "string" },
  include: { type: "string", multiple: true, default: [] as string[] },
  exclude: { type: "string", multiple: true, default: [] as string[] },
  concurrency: { type: "string", default: "4" },
  price: { type: "string" },
  "no-wait": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const count = new Intl.NumberFormat("en");

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least)
    throw new Error(`--${name} must be a number from ${least} on.`);
  return value;
}

function byCount(counts: Record<string, number>): string {
  const parts = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return parts.map(([name, many]) => `${count.format(many)} ${name}`).join(", ") || "none";
}

function listed(title: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, 20).map((line) => `  ${line}`);
  const more = lines.length > shown.length ? [`  … and ${lines.length - shown.length} more`] : [];
  return lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...shown, ...more];
}

function sayDry(found: Survey): string {
  const { model, chunks, tokens } = found.embedding;
  const cost =
    found.cost === null
      ? "price not known; say it with --price"
      : `about $${found.cost.toFixed(found.cost < 1 ? 4 : 2)}`;
  return [
    `${count.format(found.files)} files, ${(found.bytes / 1024 / 1024).toFixed(1)} MB: ${byCount(found.formats)}`,
    `${count.format(found.pages)} pages, ${count.format(found.chunks)} chunks, ${count.format(found.tokens)} tokens`,
    `To embed with ${model ?? "nothing"}: ${count.format(chunks)} chunks, ${count.format(tokens)} tokens; ${cost}`,
    ...listed(
      "Duplicates",
      found.duplicates.map(({ id, of }) => `${id} = ${of}`),
    ),
    ...listed(
      "Cannot be read",
      found.unreadable.map(({ id, code, detail }) => `${id}: ${detail} (${code})`),
    ),
    "Nothing was kept.",
  ].join("\n");
}

function sayDone({ outcomes, ready, unfinished, failures }: Report, waited: boolean): string {
  return [
    `Uploaded: ${byCount(outcomes)}`,
    ...(waited
      ? [
          `Ready: ${count.format(ready)}${unfinished ? `; still being read: ${count.format(unfinished)}` : ""}`,
        ]
      : []),
    ...listed(
      "Failed",
      failures.map(({ id, code, detail }) => `${id}: ${detail} (${code})`),
    ),
  ].join("\n");
}

/** @returns the exit code: 0 when everything is in, 1 when something failed */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help || positionals.length === 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const concurrency = Math.floor(number("concurrency", values.concurrency, 1));
  const price = values.price === undefined ? undefined : number("price", values.price, 0);
  const files = await filesBelow(positionals, values);
  if (files.length === 0) throw new Error("There are no files to ingest there.");
  const key = values.key ?? process.env.KALAMNA_KEY;
  if (key !== undefined && values.org !== undefined) {
    throw new Error("An API key belongs to one organization already; leave --org out.");
  }
  const url = values.url ?? `http://127.0.0.1:${process.env.PORT || "8787"}`;
  const dataDir = process.env.KALAMNA_DATA || join(import.meta.dirname, "../../.data");
  const { organization, credential } =
    key === undefined
      ? await localCredential(dataDir, values.org)
      : { organization: undefined, credential: async () => key };
  console.error(`${count.format(files.length)} files for ${organization ?? new URL(url).host}`);
  const client = clientFor(url, credential);

  if (values["dry-run"]) {
    const found = await survey(client, files, { concurrency, price });
    console.log(values.json ? JSON.stringify(found, null, 2) : sayDry(found));
    return found.unreadable.length > 0 ? 1 : 0;
  }
  const stop = new AbortController();
  process.once("SIGINT", () => {
    console.error("\nStopping after the files that are on their way; run it again to go on.");
    stop.abort();
  });
  const { access, groups, metadata } = values;
  const report = await run(client, files, {
    concurrency,
    labels: { access_level: access, groups, metadata },
    wait: !values["no-wait"],
    signal: stop.signal,
  });
  console.log(values.json ? JSON.stringify(report, null, 2) : sayDone(report, !values["no-wait"]));
  return report.failures.length > 0 || stop.signal.aborted ? 1 : 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
