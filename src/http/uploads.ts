/** How a document's bytes arrive over HTTP: as the file of a form, which streams, or as text in JSON. */
import type { Context, MiddlewareHandler } from "hono";
import type * as z from "zod";
import { discard, type Uploaded } from "../domain/documents/upload.ts";
import { AppError } from "../errors.ts";
import type { StoredFile } from "../infra/files/port.ts";
import { orgCtxOf } from "./auth.ts";
import { readForm } from "./multipart.ts";
import type { HttpEnv } from "./types.ts";
import { invalid } from "./validate.ts";

/** A document given as JSON is held in memory; larger ones come as a form and stream. */
export const MAX_JSON_BYTES = 10 * 1024 * 1024;

/** Status and Location of an upload: 202 while it is being read, 200 when we already had it. */
export function uploadAnswer({ document, outcome }: Uploaded): Response {
  const location = `/api/v1/documents/${document.id}`;
  const duplicate = outcome !== "created" && outcome !== "replaced";
  return Response.json(
    { document, duplicate, outcome },
    { status: duplicate ? 200 : 202, headers: { location } },
  );
}

/** A form is answered by `take`; anything else goes on to the next handler. */
export const whenForm =
  (take: (c: Context<HttpEnv>) => Promise<Response>): MiddlewareHandler<HttpEnv> =>
  (c, next) =>
    c.req.header("content-type")?.startsWith("multipart/form-data") ? take(c) : next();

/**
 * Stores the form's file and parses the fields beside it, `name` being the file's own when there is none.
 * @throws AppError `invalid_request`, and what storing fails with; nothing is then kept
 */
export async function fileOf<T extends z.ZodType>(
  c: Context<HttpEnv>,
  schema: T,
): Promise<{ stored: StoredFile; fields: z.output<T> }> {
  const ctx = orgCtxOf(c);
  const form = await readForm(
    c.req.raw,
    (body) => ctx.log.step("store", () => store(c, body)),
    (stored) => discard(ctx, stored),
  );
  if (!form.file) throw new AppError("invalid_request", { detail: "file: send one file in the form." });
  const fields = schema.safeParse({ name: form.file.filename, ...form.fields });
  if (!fields.success) {
    await discard(ctx, form.file.stored);
    throw invalid(fields.error);
  }
  return { stored: form.file.stored, fields: fields.data };
}

/** @throws AppError `empty_document` | `too_large` | `storage_unavailable` */
export const storeText = (c: Context<HttpEnv>, content: string): Promise<StoredFile> =>
  store(c, new Blob([content]).stream());

function store(c: Context<HttpEnv>, body: ReadableStream<Uint8Array>): Promise<StoredFile> {
  const ctx = orgCtxOf(c);
  return ctx.ports.files.store(ctx.actor.orgId, body, c.var.runtime.settings.maxFileBytes);
}
