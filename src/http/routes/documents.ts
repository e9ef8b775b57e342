/** Upload, list, read and delete documents. */
import { Hono } from "hono";
import { DeleteDocumentsInput, startDeletion } from "../../domain/deletions/start.ts";
import { remove, signed } from "../../domain/documents/delete.ts";
import { DownloadInput, download } from "../../domain/documents/download.ts";
import { inspect } from "../../domain/documents/inspect.ts";
import { Name, UploadFields, UploadText } from "../../domain/documents/labels.ts";
import { ChunksInput, chunksOf, get, ListInput, list } from "../../domain/documents/list.ts";
import { LookupInput, lookup } from "../../domain/documents/lookup.ts";
import { reindex } from "../../domain/documents/reindex.ts";
import { UpdateInput, update } from "../../domain/documents/update.ts";
import { uploadOnce } from "../../domain/documents/upload-once.ts";
import { AppError } from "../../errors.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { deletionAnswer } from "../deletion-answer.ts";
import { idempotencyKeyOf } from "../idempotency-key.ts";
import { takeRoom } from "../inspect-room.ts";
import { readForm } from "../multipart.ts";
import type { HttpEnv } from "../types.ts";
import { fileOf, MAX_JSON_BYTES, storeText, uploadAnswer, whenForm } from "../uploads.ts";
import { IdParam, invalid, jsonBody, readAtMost, valid } from "../validate.ts";
import { uploadAddress } from "./sources.ts";

/** Takes the upload when it is a form; anything else goes on to the JSON handler. */
const uploadForm = whenForm(async (c) => {
  const ctx = orgCtxOf(c);
  const key = idempotencyKeyOf(c);
  const { stored, fields } = await fileOf(c, UploadFields);
  return uploadAnswer(await uploadOnce(ctx, key, stored, fields));
});

export const documents = new Hono<HttpEnv>()
  .post(
    "/",
    allow("documents:write"),
    uploadForm,
    jsonBody(MAX_JSON_BYTES),
    uploadAddress,
    valid("json", UploadText),
    async (c) => {
      const { content, ...labels } = c.req.valid("json");
      const key = idempotencyKeyOf(c);
      return uploadAnswer(await uploadOnce(orgCtxOf(c), key, await storeText(c, content), labels));
    },
  )
  .post("/inspect", allow("documents:write"), async (c) => {
    const { maxFileBytes } = c.var.runtime.settings;
    const leave = takeRoom(Number(c.req.header("content-length")), maxFileBytes);
    try {
      const form = await readForm(c.req.raw, (body) => readAtMost(body, maxFileBytes));
      if (!form.file) throw new AppError("invalid_request", { detail: "file: send one file in the form." });
      const name = Name.safeParse(form.fields.name ?? form.file.filename);
      if (!name.success) throw invalid(name.error);
      const bytes = form.file.stored;
      if (bytes.byteLength === 0) throw new AppError("empty_document", { detail: "The file is empty." });
      return c.json({ inspection: await inspect(orgCtxOf(c), name.data, bytes) });
    } finally {
      leave();
    }
  })
  .post("/lookup", allow("documents:read"), jsonBody(), valid("json", LookupInput), async (c) =>
    c.json(await lookup(orgCtxOf(c), c.req.valid("json"))),
  )
  .post("/delete", allow("documents:write"), jsonBody(), valid("json", DeleteDocumentsInput), async (c) => {
    const what = { kind: "documents", ids: c.req.valid("json").ids } as const;
    return deletionAnswer(await startDeletion(orgCtxOf(c), c.var.runtime.receipts, what));
  })
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
  .delete("/:id", allow("documents:write"), valid("param", IdParam), async (c) => {
    const ctx = orgCtxOf(c);
    const deleted = await remove(ctx, c.req.valid("param").id);
    return c.json({ deleted, receipt: await signed(ctx, c.var.runtime.receipts, deleted) });
  });
