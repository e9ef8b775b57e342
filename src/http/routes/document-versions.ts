/** A document over time: replace its bytes, see what it was, go back, stop reading it, read it again. */
import { Hono } from "hono";
import { cancel } from "../../domain/documents/cancel.ts";
import { ReplaceFields, ReplaceText, replace } from "../../domain/documents/replace.ts";
import { RequeueInput, requeue } from "../../domain/documents/requeue.ts";
import { RollbackInput, rollback } from "../../domain/documents/rollback.ts";
import { VersionsInput, versions } from "../../domain/documents/versions.ts";
import { allow, orgCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { fileOf, MAX_JSON_BYTES, storeText, uploadAnswer, whenForm } from "../uploads.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

const replaceByForm = whenForm(async (c) => {
  const { id } = IdParam.parse(c.req.param());
  return uploadAnswer(
    await replace(orgCtxOf(c), id, async () => {
      const { stored, fields } = await fileOf(c, ReplaceFields);
      return { stored, name: fields.name };
    }),
  );
});

export const documentVersions = new Hono<HttpEnv>()
  .post("/requeue", allow("documents:write"), jsonBody(), valid("json", RequeueInput), async (c) =>
    c.json(await requeue(orgCtxOf(c), c.req.valid("json")), 202),
  )
  .put(
    "/:id/content",
    allow("documents:write"),
    valid("param", IdParam),
    replaceByForm,
    jsonBody(MAX_JSON_BYTES),
    valid("json", ReplaceText),
    async (c) => {
      const { content, name } = c.req.valid("json");
      const { id } = c.req.valid("param");
      return uploadAnswer(
        await replace(orgCtxOf(c), id, async () => ({ stored: await storeText(c, content), name })),
      );
    },
  )
  .get(
    "/:id/versions",
    allow("documents:read"),
    valid("param", IdParam),
    valid("query", VersionsInput),
    async (c) => c.json(await versions(orgCtxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .post(
    "/:id/rollback",
    allow("documents:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", RollbackInput),
    async (c) =>
      c.json({ document: await rollback(orgCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }, 202),
  )
  .post("/:id/cancel", allow("documents:write"), valid("param", IdParam), async (c) =>
    c.json({ document: await cancel(orgCtxOf(c), c.req.valid("param").id) }),
  );
