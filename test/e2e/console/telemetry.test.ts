/** The console's Telemetry page: the demo's own logs, searched, and connecting and disconnecting a log server. */
import { expect } from "vitest";
import { describeInBrowser, inspect } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, stack, visit, withConsole } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

describeInBrowser("telemetry", () => {
  withConsole();

  everywhere("shows the stack's own log", async ({ options, name }) => {
    await visit(options, async (page) => {
      await signIn(page);
      await navigate(page, "/telemetry");
      await page.waitForSelector(".log-line");
      await page.fill(".log-search input", "route:/api/v1/auth/login AND status:200");
      await page.click(".log-search button[type=submit]");
      await page.waitForURL(/q=route/);
      await page.waitForSelector(".log-line");
      await page.click(".log-line summary >> nth=0");
      await page.waitForSelector(".log-line[open] dd");
      await expect.poll(() => page.textContent(".log-line[open] dl")).toContain("/api/v1/auth/login");
      await inspect(page, `telemetry-${name}`);
      await page.click(".page-head button");
      await page.waitForSelector("dialog form");
      await inspect(page, `telemetry-connection-${name}`);
    });
  });

  everywhere("finds nothing in words, and says what is wrong with a query", async ({ options, name }) => {
    // A query that is none is a failure, which the browser writes down.
    await visit({ ...options, expected: /api\/v1\/logs\/search/ }, async (page) => {
      await signIn(page);
      await page.goto(`${stack.url}/telemetry?q=route:nowhere`);
      await page.waitForSelector(".empty");
      await page.fill(".log-search input", "status:[500");
      await page.press(".log-search input", "Enter");
      await page.waitForSelector("[role=alert]");
      await expect.poll(() => page.textContent("[role=alert]")).toContain("no Lucene query");
      await inspect(page, `telemetry-wrong-query-${name}`);
    });
  });

  everywhere(
    "teaches an organization without a log server, refuses one that is none, and forgets one on request",
    async ({ options, name }) => {
      const email = await newAdmin();
      // What answers at a wrong address is a failure, which the browser writes down.
      await visit({ ...options, expected: /api\/v1\/logs\/connection/ }, async (page) => {
        await signIn(page, email, PASSWORD);
        await page.goto(`${stack.url}/telemetry`);
        await page.waitForSelector(".empty");
        await inspect(page, `telemetry-empty-${name}`);
        await page.fill("input[name=log-server]", `${stack.url}/health`);
        await page.click("form button[type=submit]");
        await page.waitForSelector("[role=alert]");
        await page.fill("input[name=log-server]", stack.logs.url);
        await page.fill("input[type=password]", stack.logs.bearer);
        await page.click("form button[type=submit]");
        await page.waitForSelector(".log-search");
        await page.click(".page-head button");
        await page.click("dialog .button.danger");
        await page.click("dialog[open] .button.primary");
        await page.waitForSelector(".empty");
      });
    },
  );
});
