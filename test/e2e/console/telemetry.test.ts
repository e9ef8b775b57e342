/** The console's Telemetry page: the demo's own logs, searched, and connecting and disconnecting a log server. */
import { expect, test } from "vitest";
import {
  DESKTOP,
  describeInBrowser,
  expectAccessible,
  PHONE,
  screenshot,
  type WatchOptions,
} from "../support/browser.ts";
import { navigate, newEmail, PASSWORD, post, signIn, stack, visit, withConsole } from "../support/console.ts";

const VARIANTS = [
  ["on a desk, in English", "desk-en", { viewport: DESKTOP, locale: "en-US", colorScheme: "light" }],
  [
    "on a phone, in English",
    "phone-en",
    { viewport: { ...PHONE, width: 360 }, locale: "en-US", colorScheme: "dark" },
  ],
  ["on a desk, in Arabic", "desk-ar", { viewport: DESKTOP, locale: "ar", colorScheme: "dark" }],
  [
    "on a phone, in Arabic",
    "phone-ar",
    { viewport: { ...PHONE, width: 360 }, locale: "ar", colorScheme: "light" },
  ],
] as const satisfies readonly (readonly [string, string, WatchOptions])[];

describeInBrowser("telemetry", () => {
  withConsole();

  test.each(VARIANTS)("shows the stack's own log %s", async (_, name, options) => {
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
      expect(await page.textContent(".log-line[open] dl")).toContain("/api/v1/auth/login");
      await expectAccessible(page);
      const wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wider).toBeLessThanOrEqual(0);
      await screenshot(page, `telemetry-${name}`);
      await page.click(".page-head button");
      await page.waitForSelector("dialog form");
      await expectAccessible(page);
      await screenshot(page, `telemetry-connection-${name}`);
    });
  });

  test("finds nothing in words, and says what is wrong with a query", async () => {
    // A query that is none is a failure, which the browser writes down.
    await visit({ expected: /api\/v1\/logs\/search/ }, async (page) => {
      await signIn(page);
      await page.goto(`${stack.url}/telemetry?q=route:nowhere`);
      await page.waitForSelector(".empty");
      await page.fill(".log-search input", "status:[500");
      await page.press(".log-search input", "Enter");
      await page.waitForSelector("[role=alert]");
      expect(await page.textContent("[role=alert]")).toContain("no Lucene query");
    });
  });

  test("teaches an organization without a log server, refuses one that is none, and forgets one on request", async () => {
    const email = newEmail();
    await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
    // What answers at a wrong address is a failure, which the browser writes down.
    await visit({ expected: /api\/v1\/logs\/connection/, viewport: PHONE }, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/telemetry`);
      await page.waitForSelector(".empty");
      await expectAccessible(page);
      await screenshot(page, "telemetry-empty-phone");
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
  });
});
