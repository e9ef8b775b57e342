/** The API reference as somebody meets it who wants to try the API before writing a line. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DESKTOP,
  describeInBrowser,
  expectAccessible,
  openBrowser,
  openPage,
  PHONE,
  screenshot,
} from "./support/browser.ts";
import { startTestStack, type TestStack } from "./support/stack.ts";

let stack: TestStack;
let browser: Browser;
let key: string;

describeInBrowser("the API reference", () => {
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), openBrowser()]);
    ({ key } = await stack.api("POST", "/api/v1/api-keys", { name: "reference", scopes: ["search"] }));
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  test.each([
    ["on a desk", "desk", { viewport: DESKTOP, colorScheme: "light" }],
    ["on a phone, in the dark", "phone", { viewport: PHONE, colorScheme: "dark" }],
  ] as const)("takes an API key and shows what a search finds, %s", async (_, name, options) => {
    const { page, context, complaints } = await openPage(browser, options);
    page.setDefaultTimeout(60_000);
    const narrow = async () =>
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    try {
      await page.goto(`${stack.url}/docs`);
      await page.waitForSelector("#operations-tag-Ask");
      await expectAccessible(page);
      await narrow();
      await screenshot(page, `docs-${name}`);

      await page.click("button.authorize");
      const credentials = page.locator(".auth-container", { hasText: "apiKey" });
      await credentials.locator("input").fill(key);
      await expectAccessible(page);
      await credentials.getByRole("button", { name: "Authorize" }).click();
      await page.keyboard.press("Escape");
      await page.waitForSelector("[role=dialog]", { state: "detached" });

      await page.click("#operations-tag-Ask");
      const search = page.locator("#operations-Ask-search");
      await search.locator(".opblock-summary-control").click();
      await search
        .getByLabel("Request body")
        .fill(JSON.stringify({ query: "How long does standard delivery take?" }));
      await search.getByRole("button", { name: "Execute" }).click();
      const answer = search.locator(".live-responses-table");
      await answer.getByText("200", { exact: true }).waitFor();
      await expect
        .poll(() => answer.locator("pre.microlight").first().textContent())
        .toContain("2 to 4 working days");
      await expectAccessible(page);
      await narrow();
      await screenshot(page, `docs-answered-${name}`);

      // Its address opens it again, for whoever gets the link.
      expect(page.url()).toMatch(/\/docs#\/Ask\/search$/);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
