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

test.each(["/api/v1/nothing", "/v1/nothing", "/assets/gone.js"])(
  "%s is not found, also in a browser",
  async (path) => {
    const answer = await call("GET", path, navigation);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  },
);

test("software that asks for an address of the console is told that there is nothing", async () => {
  expect((await call("GET", "/documents/9f0c")).status).toBe(404);
});
