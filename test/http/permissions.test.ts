/** Pure. */
import { expect, test } from "vitest";
import { type Action, PERMISSIONS, permits } from "../../src/http/permissions.ts";

test("deferred work may do nothing through the front door", () => {
  const actor = { kind: "service", orgId: crypto.randomUUID() } as const;
  const allowed = (Object.keys(PERMISSIONS) as Action[]).filter((action) => permits(actor, action));
  expect(allowed).toEqual([]);
});
