/** What a batch that is sent again has done already, read as its lines come. */
import type { Ctx } from "../../context.ts";
import { AppError, ERRORS, type ErrorCode } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Entry, LineResult } from "./entry.ts";
import { recordedLines } from "./item-sql.ts";

/** Lines that are looked up together. */
const RANGE = 500;

type Row = Awaited<ReturnType<typeof rowsFrom>> extends Map<number, infer R> ? R : never;

export type Before = { result: LineResult; fingerprint: string; again: boolean };

/** Looks up one line after the other; `again` says that it was refused for a reason that may have passed. */
export function recordedBefore(ctx: Ctx, batchId: string): (line: number) => Promise<Before | undefined> {
  let range: { from: number; rows: Promise<Map<number, Row>> } | undefined;
  return async (line) => {
    const from = line - ((line - 1) % RANGE);
    if (range?.from !== from) range = { from, rows: rowsFrom(ctx, batchId, from) };
    const row = (await range.rows).get(line);
    return row && { result: resultOf(row), fingerprint: row.fingerprint, again: mayPass(row) };
  };
}

/** @throws AppError `idempotency_conflict` */
export function compare({ line }: Pick<Entry, "line">, fingerprint: string, before: Before): void {
  if (fingerprint === before.fingerprint) return;
  throw new AppError("idempotency_conflict", {
    detail: `Line ${line} is another than the one that came with this Idempotency-Key before.`,
    extra: { line },
  });
}

async function rowsFrom(ctx: Ctx, batchId: string, from: number) {
  const [rows] = await tenantBatch(ctx, (db) => [
    recordedLines(db, ctx.actor.orgId, batchId, from, from + RANGE),
  ]);
  return new Map(rows.map((row) => [row.line, row]));
}

const resultOf = (row: Row): LineResult => ({
  line: row.line,
  name: row.name,
  external_id: row.externalId,
  outcome: row.outcome,
  document_id: row.documentId,
  source_id: row.sourceId,
  failure: row.failureCode === null ? null : { code: row.failureCode, detail: row.failureDetail ?? "" },
});

function mayPass({ outcome, failureCode }: Row): boolean {
  if (outcome !== "refused" || failureCode === null) return false;
  return failureCode === "quota_full" || (ERRORS[failureCode as ErrorCode]?.retry ?? false);
}
