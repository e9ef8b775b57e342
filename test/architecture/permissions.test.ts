import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PAGE, permissionsPage } from "../../src/dev/permissions-page.ts";

test("docs/permissions.md says what the table and the routes do (npm run docs writes it)", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(permissionsPage());
});
