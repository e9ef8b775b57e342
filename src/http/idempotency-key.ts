/** The header by which a request that is sent again is known. */
import type { Context } from "hono";
import * as z from "zod";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./types.ts";

const Key = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** @throws AppError `invalid_request` */
export function idempotencyKeyOf(c: Context<HttpEnv>): string | null {
  const header = c.req.header("idempotency-key");
  if (header === undefined) return null;
  const key = Key.safeParse(header);
  if (key.success) return key.data;
  throw new AppError("invalid_request", { detail: "Idempotency-Key: must be 1 to 200 visible characters." });
}
