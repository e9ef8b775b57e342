/** Opaque list cursors: where the last page ended. */
import * as z from "zod";
import { AppError } from "../../errors.ts";

const Position = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d[ T][\d:.]+(Z|[+-]\d\d(:?\d\d)?)$/), z.uuid()]);

/** For a list by date: the last row shown. */
export function encodeCursor(createdAt: string, id: string): string {
  return btoa(JSON.stringify([createdAt, id]))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** @throws AppError `invalid_request` for a cursor we did not make */
export function decodeCursor(cursor: string): { createdAt: string; id: string } {
  try {
    const [createdAt, id] = Position.parse(
      JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))),
    );
    return { createdAt, id };
  } catch (cause) {
    throw new AppError("invalid_request", {
      detail: "cursor: use the `next_cursor` of an earlier answer",
      cause,
    });
  }
}
