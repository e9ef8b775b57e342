/** Takes many golden questions at once: a file that stands beside the code, say. */
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { CaseInput } from "./case-input.ts";
import { deleteOthers, demandRoom, upsertCases } from "./case-sql.ts";
import { MOST_CASES, roomFailure, tooMany } from "./cases.ts";
import type { EvalCtx } from "./evaluator.ts";
import { demandDocuments } from "./expected.ts";

export const ImportQuery = z.object({
  /** All cases of the caller's level that the import does not name go. */
  replace: z.enum(["true", "false"]).default("false"),
});
export type ImportQuery = z.infer<typeof ImportQuery>;

export type Imported = { created: number; changed: number; deleted: number };

/** A JSON array, or a JSON object a line. */
function parse(text: string): unknown[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed.startsWith("[")) {
    const all: unknown = parseJson(trimmed, "The body is not JSON.");
    return Array.isArray(all) ? all : [];
  }
  return trimmed
    .split("\n")
    .map((line, at) => ({ line: line.trim(), at }))
    .filter(({ line }) => line !== "")
    .map(({ line, at }) => parseJson(line, `Line ${at + 1} is not JSON.`));
}

function parseJson(text: string, detail: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("malformed_json", { detail, cause });
  }
}

/**
 * All of them or none; one with a question that is there replaces it.
 * @param body a JSON array or NDJSON
 * @throws AppError `malformed_json` | `invalid_request` naming the first case that is wrong | `quota_full`
 */
export async function importCases(ctx: EvalCtx, body: string, { replace }: ImportQuery): Promise<Imported> {
  const given = parse(body);
  if (given.length > MOST_CASES) throw tooMany();
  const numbers = new Map<string, number>();
  const byQuestion = new Map(
    given.map((one, at) => {
      const parsed = CaseInput.safeParse(one);
      if (!parsed.success) throw wrong(at + 1, parsed.error);
      numbers.set(parsed.data.question, at + 1);
      return [parsed.data.question, parsed.data] as const;
    }),
  );
  const cases = [...byQuestion.values()];
  if (cases.length === 0) throw new AppError("invalid_request", { detail: "There is no case in the body." });
  const pathOf = (at: number) => `case ${numbers.get(cases[at]?.question ?? "")}.document_ids`;
  await demandDocuments(ctx, cases, { pathOf });
  const { actor } = ctx;
  const [gone, put] = await tenantBatch(ctx, (db) => [
    deleteOthers(db, actor, replace === "true" ? [...byQuestion.keys()] : null),
    upsertCases(db, actor, cases),
    demandRoom(db, actor.orgId, MOST_CASES),
  ]).catch((thrown: unknown) => {
    throw roomFailure(thrown);
  });
  const created = put.rows.filter((row) => row.created).length;
  return { created, changed: put.rows.length - created, deleted: gone.length };
}

function wrong(number: number, error: z.core.$ZodError): AppError {
  const [first] = error.issues;
  const where = [`case ${number}`, ...(first?.path ?? [])].join(".");
  return new AppError("invalid_request", { detail: `${where}: ${first?.message ?? "is not valid"}` });
}
