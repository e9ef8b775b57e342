/** A log server's connection as the API shows it: nothing of it opens anything. */
import { iso } from "../moment.ts";
import { Arguments, type ConnectionView } from "./connection.ts";
import { Redaction } from "./redact.ts";
import type { ShownRow } from "./sql.ts";

export function view(row: ShownRow): ConnectionView {
  return {
    origin: row.origin,
    headers: row.headerNames,
    tool: row.tool,
    arguments: Arguments.parse(row.arguments),
    redaction: Redaction.parse(row.redaction),
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}
