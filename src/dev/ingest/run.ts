/** Sends what is new, leaves what is there, and waits until everything is ready or has failed with a reason. */
import { bar } from "./bar.ts";
import { type Client, type Known, type Labels, Refusal } from "./client.ts";
import { each } from "./each.ts";
import { type LocalFile, sha256Of } from "./files.ts";

const POLL_MS = 1_000;
/** Ids a look-up. */
const SLICE = 1_000;

export type Report = {
  /** Files by what became of them at upload: `created`, `replaced`, `unchanged` …, `refused`. */
  outcomes: Record<string, number>;
  ready: number;
  /** Still on their way when we stopped waiting. */
  unfinished: number;
  failures: { id: string; code: string; detail: string }[];
};

export type RunOptions = { concurrency: number; labels: Labels; wait: boolean; signal: AbortSignal };

/**
 * Broken off and run again, it goes on where it was: what the other side has, with the same bytes, is not sent.
 * @throws Refusal when the caller may not upload at all
 */
export async function run(client: Client, files: readonly LocalFile[], options: RunOptions): Promise<Report> {
  const report: Report = { outcomes: {}, ready: 0, unfinished: 0, failures: [] };
  const note = (outcome: string) => {
    report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  };
  const known = new Map(
    (
      await lookup(
        client,
        files.map(({ id }) => id),
      )
    ).map((row) => [row.external_id, row]),
  );
  const sent: string[] = [];
  const progress = bar("Uploading", files.length);
  await each(files, options.concurrency, async (file) => {
    if (options.signal.aborted) return;
    try {
      const there = known.get(file.id);
      note((await isThere(file, there)) ? "unchanged" : (await client.upload(file, options.labels)).outcome);
      sent.push(file.id);
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.status === 401 || thrown.code === "quota_full") throw thrown;
      note("refused");
      report.failures.push({ id: file.id, code: thrown.code, detail: thrown.message });
    }
    progress.step(1, file.id);
  });
  progress.end();
  if (options.wait) await settle(client, sent, report, options.signal);
  report.failures.sort((a, b) => (a.id < b.id ? -1 : 1));
  return report;
}

/** A file that could not be read before cannot be read now, unless something else was the reason. */
async function isThere(file: LocalFile, there: Known | undefined): Promise<boolean> {
  if (!there || there.failure?.retryable) return false;
  return there.sha256 === (await sha256Of(file.path));
}

async function settle(
  client: Client,
  ids: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const progress = bar("Reading  ", ids.length);
  let waiting = ids;
  while (waiting.length > 0 && !signal.aborted) {
    const rows = new Map((await lookup(client, waiting)).map((row) => [row.external_id, row]));
    const left = waiting.filter((id) => isUnfinished(rows.get(id)));
    for (const id of waiting) {
      const row = rows.get(id);
      if (row?.status === "ready") report.ready++;
      else if (!isUnfinished(row)) {
        const { code = "not_found", detail } = row?.failure ?? {};
        report.failures.push({ id, code, detail: detail ?? "It was deleted meanwhile." });
      }
    }
    progress.step(waiting.length - left.length, `${left.length} to go`);
    waiting = left;
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  progress.end();
  report.unfinished = waiting.length;
}

const isUnfinished = (row: Known | undefined) =>
  row !== undefined && row.status !== "ready" && row.status !== "failed";

async function lookup(client: Client, ids: readonly string[]): Promise<Known[]> {
  const rows: Known[] = [];
  for (let at = 0; at < ids.length; at += SLICE)
    rows.push(...(await client.lookup(ids.slice(at, at + SLICE))));
  return rows;
}
