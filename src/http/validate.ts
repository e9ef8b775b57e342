/** Bodies, queries and path parameters, parsed once with Zod at the door. */
import { zValidator } from "@hono/zod-validator";
import type { MiddlewareHandler } from "hono";
import { validator } from "hono/validator";
import * as z from "zod";
import { invalidFields } from "../domain/invalid-fields.ts";
import { AppError } from "../errors.ts";
import { explain } from "./explain.ts";
import type { HttpEnv } from "./types.ts";

z.config({ customError: explain });

/** `/:id`. */
export const IdParam = z.object({ id: z.uuid() });

/** An `invalid_request` that names each bad field by its path. */
export function invalid(error: z.core.$ZodError): AppError {
  return invalidFields(error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })));
}

export type Target = "json" | "query" | "param";

/** What each middleware of {@link valid} checks; the API's description is made of it (openapi/routes.ts). */
export const checked = new WeakMap<object, { target: Target; schema: z.ZodType }>();

/**
 * Checks one part of the request; the handler reads it with `c.req.valid(target)`.
 * @throws AppError `invalid_request` with the path of every bad field
 */
export function valid<T extends z.ZodType, const Part extends Target>(target: Part, schema: T) {
  const check = zValidator(target, schema, (result) => {
    if (result.success) return;
    // An id that is not an id names nothing: say so, as for every other id that is not yours.
    throw target === "param" ? new AppError("not_found") : invalid(result.error);
  });
  checked.set(check, { target, schema });
  return check;
}

/**
 * The same for a body that has one of two forms: the second when it has the member `mark`. What is wrong with it is said of
 * the form that it has, which a union of the two could not.
 */
export function validEither<One extends z.ZodType, Other extends z.ZodType>(
  one: One,
  other: Other,
  mark: string,
) {
  const check = validator("json", (body: unknown): z.output<One> | z.output<Other> => {
    const isOther = typeof body === "object" && body !== null && mark in body;
    const parsed = (isOther ? other : one).safeParse(body);
    if (!parsed.success) throw invalid(parsed.error);
    return parsed.data as z.output<One> | z.output<Other>;
  });
  checked.set(check, { target: "json", schema: z.union([one, other]) });
  return check;
}

/** Deeper than anything we accept, and far from where a parser runs out of stack. */
const MAX_DEPTH = 32;

/**
 * Reads a JSON body of at most `maxBytes` and 32 levels, before anything parses it.
 * @throws AppError `too_large` | `unsupported_type` | `invalid_request`
 */
export function jsonBody(maxBytes = 1024 * 1024): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const type = c.req.header("content-type") ?? "";
    if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
      throw new AppError("unsupported_type", { detail: "Send JSON with `Content-Type: application/json`." });
    }
    const body = await readAtMost(c.req.raw.body, maxBytes);
    if (deeperThan(body, MAX_DEPTH)) {
      throw new AppError("invalid_request", { detail: `The JSON nests deeper than ${MAX_DEPTH} levels.` });
    }
    c.req.raw = new Request(c.req.raw, { body });
    await next();
  };
}

/** The same where the body may be left out, as in the first step of a deletion. */
export function optionalJsonBody(maxBytes: number): MiddlewareHandler<HttpEnv> {
  const read = jsonBody(maxBytes);
  return (c, next) => (c.req.header("content-type") ? read(c, next) : next());
}

/** @throws AppError `too_large` */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.byteLength;
    if (size > maxBytes) {
      throw new AppError("too_large", {
        detail: `The body may have at most ${Math.floor(maxBytes / 1024)} KB.`,
      });
    }
    pieces.push(piece);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  // Each piece goes as soon as it is copied: a large file need not fit into memory twice.
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** Counts brackets outside of strings; whether the rest is JSON is the parser's business. */
function deeperThan(json: Uint8Array, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      for (at++; at < json.length && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > levels) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
