import { expect, test } from "vitest";
import { pptx, shape, sheetRows, xlsx } from "../fixtures/zip.ts";
import { call, expectStatus, finished, register } from "../support/api.ts";

test.each([
  [
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    xlsx([
      {
        name: "Keepers",
        xml: sheetRows([
          ["Lighthouse", "Keeper"],
          ["Skarn", "Marisol Fenn"],
        ]),
      },
    ]),
    "- Lighthouse: Skarn; Keeper: Marisol Fenn",
  ],
  [
    "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    pptx([{ xml: shape("title", "Keepers") }, { xml: shape("body", "Marisol Fenn keeps the lighthouse.") }]),
    "Marisol Fenn keeps the lighthouse.",
  ],
])("an uploaded %s is read and found by search", async (extension, type, bytes, passage) => {
  const person = await register();
  const body = new FormData();
  body.set("file", new File([bytes as Uint8Array<ArrayBuffer>], `keepers.${extension}`));
  const answer = await call("POST", "/api/v1/documents", { token: person.token, body });
  expectStatus(answer, 202);
  expect(answer.body.document.content_type).toBe(type);
  expect(await finished(person, answer.body.document.id)).toMatchObject({ status: "ready", failure: null });
  const found = await call("POST", "/api/v1/search", {
    token: person.token,
    json: { query: "Who is the lighthouse keeper Marisol Fenn?" },
  });
  expectStatus(found, 200);
  expect(JSON.stringify(found.body)).toContain(passage);
});
