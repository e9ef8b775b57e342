/** Writes what is made of the API's description: it itself, a collection of requests, types; `npm run docs` calls it. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { openApi } from "../http/openapi/document.ts";
import { GROUPS } from "../http/openapi/table.ts";
import { collectionOf } from "./api-collection.ts";
import { typesOf } from "./api-types.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8")) as { version: string };

/** By path from the root; test/architecture/openapi.test.ts compares them with what is there. */
export function apiFiles(): Record<string, string> {
  const document = openApi(GROUPS, version);
  return {
    "docs/openapi.json": `${JSON.stringify(document, null, 2)}\n`,
    "docs/kalamna.postman_collection.json": `${JSON.stringify(collectionOf(document), null, 2)}\n`,
    "src/web/api/schema.d.ts": typesOf(document),
  };
}

if (import.meta.main) {
  for (const [file, content] of Object.entries(apiFiles())) {
    const path = resolve(ROOT, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
