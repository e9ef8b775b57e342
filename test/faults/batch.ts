/** A bulk upload by a careful client: the same lines with the same key until every line has an answer. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Client } from "./client.ts";
import type { Planned } from "./corpus.ts";

export type Sent = { batchId: string; ids: string[] };

/** Reasons to refuse a line that say nothing about the line. */
const MAY_PASS = /_unavailable$|^internal$|^rate_limited$/;
const MOST_TRIES = 20;

/** @returns the batch, and the document of each line */
export async function sendBatch(ask: Client, documents: Planned[], key: string): Promise<Sent> {
  const body = documents
    .map(({ name, externalId, versions }) =>
      JSON.stringify({
        name,
        ...(externalId ? { external_id: externalId } : {}),
        content_base64: Buffer.from(versions[0]!.bytes).toString("base64"),
      }),
    )
    .join("\n");
  for (let tries = 1; ; tries++) {
    const answer = await ask.ask("POST", "/api/v1/documents/bulk", () => body, {
      "content-type": "application/x-ndjson",
      "idempotency-key": key,
    });
    expect(answer.status, answer.text).toBe(202);
    const results = answer.body.results as { document_id: string; failure: { code: string } | null }[];
    const refused = results.filter(({ failure }) => failure !== null);
    if (refused.length === 0 && results.length === documents.length)
      return { batchId: answer.body.batch.id, ids: results.map(({ document_id }) => document_id) };
    expect(
      refused.filter(({ failure }) => !MAY_PASS.test(failure?.code ?? "")),
      "refused for good",
    ).toEqual([]);
    expect(tries, `lines still refused: ${JSON.stringify(refused.slice(0, 3))}`).toBeLessThan(MOST_TRIES);
    await pause(500);
  }
}

/** Every line is there once and has ended, as its document has. */
export async function checkBatch(ask: Client, batchId: string, documents: Planned[]): Promise<void> {
  const { body, text } = await ask.json("GET", `/api/v1/batches/${batchId}`);
  const broken = documents.filter(({ code }) => code !== undefined).length;
  expect(body.batch, text).toMatchObject({
    status: "completed",
    lines: documents.length,
    counts: { ready: documents.length - broken, failed: broken, pending: 0, refused: 0 },
    progress: 1,
  });
}
