/** Level: HTTP, in workerd. */
import { expect, test } from "vitest";
import { call } from "../support/api.ts";

const navigation = { headers: { accept: "text/html,application/xhtml+xml" } };

test.each(["/", "/ask", "/documents/9f0c"])("a browser that goes to %s gets the console", async (path) => {
  const answer = await call("GET", path, navigation);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(answer.text).toContain('<div id="root">');
  expect(answer.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(answer.headers.get("x-frame-options")).toBe("DENY");
});

test.each([
  ["/api/v1/nothing", "application/problem+json"],
  ["/assets/gone.js", "application/problem+json"],
  // Its callers speak OpenAI's interface, which has errors of its own.
  ["/v1/nothing", "application/json"],
])("%s is not found, also in a browser", async (path, type) => {
  const answer = await call("GET", path, navigation);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).toMatch(type);
});

test("software that asks for an address of the console is told that there is nothing", async () => {
  expect((await call("GET", "/documents/9f0c")).status).toBe(404);
});
