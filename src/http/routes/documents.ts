/** Upload, list, read and delete documents. */
import { Hono, type MiddlewareHandler } from "hono";
import { remove } from "../../domain/documents/delete.ts";
import { DownloadInput, download } from "../../domain/documents/download.ts";
import { inspect } from "../../domain/documents/inspect.ts";
import { Name, UploadFields, UploadText } from "../../domain/documents/labels.ts";
import { ChunksInput, chunksOf, get, ListInput, list } from "../../domain/documents/list.ts";
import { LookupInput, lookup } from "../../domain/documents/lookup.ts";
import { reindex } from "../../domain/documents/reindex.ts";
import { UpdateInput, update } from "../../domain/documents/update.ts";
import { discard, type Uploaded, upload } from "../../domain/documents/upload.ts";
import { AppError } from "../../errors.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { readForm } from "../multipart.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, invalid, jsonBody, readAtMost, valid } from "../validate.ts";

/** A document given as JSON is held in memory; larger ones come as a form and stream. */
const MAX_JSON_BYTES = 10 * 1024 * 1024;

/** Status and Location of an upload: 202 while it is being read, 200 when we already had it. */
function answer({ document, outcome }: Uploaded): Response {
  const location = `/api/v1/documents/${document.id}`;
  const duplicate = outcome !== "created" && outcome !== "replaced";
  return Response.json(
    { document, duplicate, outcome },
    { status: duplicate ? 200 : 202, headers: { location } },
  );
}

/** Takes the upload when it is a form; anything else goes on to the JSON handler. */
const uploadForm: MiddlewareHandler<HttpEnv> = async (c, next) => {
  if (!c.req.header("content-type")?.startsWith("multipart/form-data")) return next();
  const ctx = orgCtxOf(c);
  const { files } = ctx.ports;
  const form = await readForm(
    c.req.raw,
    (body) =>
      ctx.log.step("store", () => files.store(ctx.actor.orgId, body, c.var.runtime.settings.maxFileBytes)),
    (stored) => discard(ctx, stored),
  );
  if (!form.file) throw new AppError("invalid_request", { detail: "file: send one file in the form." });
  const fields = UploadFields.safeParse({ name: form.file.filename, ...form.fields });
  if (!fields.success) {
    await discard(ctx, form.file.stored);
    throw invalid(fields.error);
  }
  return answer(await upload(ctx, form.file.stored, fields.data));
};

const toHex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const documents = new Hono<HttpEnv>()
  .post(
    "/",
    allow("documents:write"),
    uploadForm,
    jsonBody(MAX_JSON_BYTES),
    valid("json", UploadText),
    async (c) => {
      const ctx = orgCtxOf(c);
      const { content, ...labels } = c.req.valid("json");
      const body = new Blob([content]).stream();
      const stored = await ctx.ports.files.store(ctx.actor.orgId, body, c.var.runtime.settings.maxFileBytes);
      return answer(await upload(ctx, stored, labels));
    },
  )
  .post("/inspect", allow("documents:write"), async (c) => {
    const { maxFileBytes } = c.var.runtime.settings;
    const form = await readForm(
      c.req.raw,
      (body) => readAtMost(body, maxFileBytes),
      async () => undefined,
    );
    if (!form.file) throw new AppError("invalid_request", { detail: "file: send one file in the form." });
    const name = Name.safeParse(form.fields.name ?? form.file.filename);
    if (!name.success) throw invalid(name.error);
    const bytes = form.file.stored;
    if (bytes.byteLength === 0) throw new AppError("empty_document", { detail: "The file is empty." });
    const sha256 = toHex(await crypto.subtle.digest("SHA-256", bytes));
    return c.json({ inspection: await inspect(orgCtxOf(c), { name: name.data, bytes, sha256 }) });
  })
  .post("/lookup", allow("documents:read"), jsonBody(), valid("json", LookupInput), async (c) =>
    c.json(await lookup(orgCtxOf(c), c.req.valid("json"))),
  )
  .get("/", allow("documents:read"), valid("query", ListInput), async (c) =>
    c.json(await list(orgCtxOf(c), c.req.valid("query"))),
  )
  .get("/:id", allow("documents:read"), valid("param", IdParam), async (c) =>
    c.json({ document: await get(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .get(
    "/:id/content",
    allow("documents:read"),
    valid("param", IdParam),
    valid("query", DownloadInput),
    async (c) => {
      const file = await download(orgCtxOf(c), c.req.valid("param").id, c.req.valid("query"));
      return c.body(file.body, 200, {
        "content-type": file.contentType,
        "content-length": String(file.size),
        // Never rendered in our origin: an uploaded HTML page must not run here.
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        "content-security-policy": "sandbox",
      });
    },
  )
  .get(
    "/:id/chunks",
    allow("documents:read"),
    valid("param", IdParam),
    valid("query", ChunksInput),
    async (c) => c.json(await chunksOf(orgCtxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .post("/:id/reindex", allow("documents:write"), valid("param", IdParam), async (c) =>
    c.json({ document: await reindex(orgCtxOf(c), c.req.valid("param").id) }, 202),
  )
  .patch(
    "/:id",
    allow("documents:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", UpdateInput),
    async (c) =>
      c.json({ document: await update(orgCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id", allow("documents:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await remove(orgCtxOf(c), c.req.valid("param").id) }),
  );
