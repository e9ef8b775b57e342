/** Rows as CSV (RFC 4180), for spreadsheets. */
import type { Context } from "hono";
import Papa from "papaparse";
import * as z from "zod";
import type { HttpEnv } from "./types.ts";

/** `?format=csv`. */
export const Format = z.object({ format: z.enum(["json", "csv"]).default("json") });

/**
 * JSON as `{data}`, or CSV with a header. Cells that a spreadsheet would take for a formula get an apostrophe in front
 * (OWASP, CSV injection).
 */
export function tabular(
  c: Context<HttpEnv>,
  format: "json" | "csv",
  name: string,
  rows: readonly object[],
): Response {
  if (format === "json") return c.json({ data: rows });
  const flat = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, Array.isArray(value) ? value.join(" | ") : value]),
    ),
  );
  return c.body(`${Papa.unparse(flat, { escapeFormulae: true })}\r\n`, 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.csv"`,
  });
}
