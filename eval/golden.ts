/** The golden questions over the demo documents, which go through the product's own ingestion. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Ctx } from "../src/context.ts";
import { insertDocument } from "../src/domain/documents/sql.ts";
import { extractDocument } from "../src/domain/ingestion/extract-document.ts";
import { search } from "../src/domain/retrieval/search.ts";
import { tenantBatch } from "../src/infra/db/tenant.ts";
import { originalKey } from "../src/infra/files/port.ts";
import { mean } from "./metrics.ts";
import { type Stack, sha256 } from "./stack.ts";

const FOLDER = fileURLToPath(new URL("../demo/", import.meta.url).href);
const DEPTHS = [1, 3, 8] as const;

const Manifest = z.object({
  documents: z.array(
    z.object({
      file: z.string(),
      name: z.string(),
      access_level: z.enum(["internal", "external"]),
      metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});

const Golden = z.object({
  id: z.string(),
  question: z.string(),
  document: z.string().nullable(),
  must_contain: z.string().nullable(),
  language: z.string(),
  kind: z.string(),
  history: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.string() })).default([]),
});
type Golden = z.infer<typeof Golden>;

const read = (name: string) => readFileSync(join(FOLDER, name));

/** Ingests the demo documents. @returns the file behind each document id */
async function ingest(ctx: Ctx): Promise<Map<string, string>> {
  const { orgId } = ctx.actor;
  const files = new Map<string, string>();
  for (const entry of Manifest.parse(JSON.parse(read("manifest.json").toString("utf8"))).documents) {
    const bytes = read(entry.file);
    const document = { orgId, id: randomUUID(), version: 1 };
    await ctx.ports.files.put(originalKey(orgId, sha256(bytes)), bytes);
    await tenantBatch(ctx, (db) => [
      insertDocument(db, {
        id: document.id,
        orgId,
        name: entry.name,
        contentType: "application/octet-stream",
        bytes: bytes.byteLength,
        sha256: sha256(bytes),
        accessLevel: entry.access_level,
        groups: null,
        metadata: entry.metadata,
        createdBy: null,
      }),
    ]);
    await extractDocument(ctx, document);
    files.set(document.id, entry.file);
  }
  return files;
}

type Asked = { golden: Golden; place: number; offTopic: boolean };

async function askAll(ctx: Ctx, files: ReadonlyMap<string, string>): Promise<Asked[]> {
  const lines = read("golden.jsonl").toString("utf8").split("\n").filter(Boolean);
  const asked: Asked[] = [];
  for (const golden of lines.map((line) => Golden.parse(JSON.parse(line)))) {
    const { results, retrieval } = await search(ctx, {
      query: golden.question,
      top_k: DEPTHS[DEPTHS.length - 1] ?? 8,
      history: golden.history,
    });
    const place = results.findIndex(
      (result) =>
        files.get(result.document_id) === golden.document &&
        fold(result.content).includes(fold(golden.must_contain ?? "")),
    );
    asked.push({ golden, place, offTopic: retrieval.off_topic });
  }
  return asked;
}

/** Line breaks and case are the extractor's business, not the question's. */
const fold = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ");

/** Hit rates and MRR overall and by kind of question, what was missed, and how unanswerable ones were recognised. */
export async function goldenReport(stack: Stack): Promise<string> {
  if (!existsSync(join(FOLDER, "golden.jsonl"))) return "There is no demo/golden.jsonl.";
  const ctx = await stack.organization("golden");
  const asked = await askAll(ctx, await ingest(ctx));
  const answerable = asked.filter(({ golden }) => golden.document !== null);
  const unanswerable = asked.filter(({ golden }) => golden.document === null);
  const groups = new Map([["all", answerable]]);
  for (const one of answerable) {
    for (const group of [one.golden.kind, `in ${one.golden.language}`]) {
      groups.set(group, [...(groups.get(group) ?? []), one]);
    }
  }
  const lines = [
    `golden questions over the demo documents      n ${DEPTHS.map((depth) => `hit@${depth}`).join("  ")}   MRR`,
  ];
  for (const [group, members] of groups) {
    const hits = DEPTHS.map((depth) =>
      mean(members.map(({ place }) => (place >= 0 && place < depth ? 1 : 0))),
    );
    const mrr = mean(members.map(({ place }) => (place < 0 ? 0 : 1 / (place + 1))));
    const cells = [...hits, mrr].map((value) => value.toFixed(2).padStart(5)).join("  ");
    lines.push(`  ${group.padEnd(40)} ${String(members.length).padStart(4)} ${cells}`);
  }
  const flagged = (members: readonly Asked[]) =>
    members.filter(({ offTopic }) => offTopic).map(({ golden }) => golden.id);
  lines.push(
    `  missed: ${
      answerable
        .filter(({ place }) => place < 0)
        .map(({ golden }) => golden.id)
        .join(" ") || "none"
    }`,
    `  recognised as off topic: ${flagged(unanswerable).length} of ${unanswerable.length} unanswerable; wrongly: ${flagged(answerable).join(" ") || "none"}`,
  );
  return lines.join("\n");
}
