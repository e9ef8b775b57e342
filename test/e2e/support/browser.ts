/** A headless browser whose pages must stay silent: any console error or failed script is the test's failure. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { describe, expect } from "vitest";
import { findChromium, WITHOUT_CHROMIUM } from "./chromium.ts";

const SCREENSHOTS = join(import.meta.dirname, "../screenshots");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const executable = findChromium();
if (!executable && process.env.CI === "true") throw new Error(WITHOUT_CHROMIUM);

/** `describe` where there is a browser; without one its tests are skipped, and `npm test` says so in one line. */
export const describeInBrowser = describe.skipIf(!executable);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executable ? { executablePath: executable } : {}),
    headless: true,
    args: FLAGS,
  });
}

export type WatchedPage = {
  page: Page;
  context: BrowserContext;
  /** Console errors, uncaught exceptions and requests to hosts other than `hosts`, in words. */
  complaints: string[];
};

export type WatchOptions = BrowserContextOptions & {
  /** Hosts (`127.0.0.1:8787`) that the page may ask; all of this machine when absent. */
  hosts?: readonly string[];
  /** Console errors that this test provokes. */
  expected?: RegExp;
  /** Which of the variants this is, for the picture of a failure. */
  variant?: string;
};

/** A page in a context of its own, so that storage and cookies are nobody else's. */
export async function openPage(browser: Browser, options: WatchOptions = {}): Promise<WatchedPage> {
  const { hosts, expected, variant: _, ...rest } = options;
  const context = await browser.newContext({ viewport: DESKTOP, ...rest });
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error") complain(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complain(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, host, hostname } = new URL(request.url());
    if (!protocol.startsWith("http")) return;
    const ours = hosts ? hosts.includes(host) : ["127.0.0.1", "localhost"].includes(hostname);
    if (!ours) complain(`request to ${request.url()}`);
  });
  return { page, context, complaints };
}

/** Fails with a list of what axe-core finds serious or critical; WCAG 2.2 AA and its best practices. */
export async function expectAccessible(page: Page, include?: string): Promise<void> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  const violations = await page.evaluate(async (selector) => {
    type Found = {
      id: string;
      impact: string;
      help: string;
      nodes: { html: string; failureSummary: string }[];
    };
    // What runs in the page is typed here by hand: the tests themselves have no DOM.
    const { axe, document } = globalThis as unknown as {
      axe: { run(context: unknown, options: object): Promise<{ violations: Found[] }> };
      document: unknown;
    };
    const found = await axe.run(selector ?? document, { resultTypes: ["violations"] });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n${nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`,
      );
  }, include);
  expect(violations).toEqual([]);
}

/** Fails when somebody would have to scroll sideways, or could not reach what is beyond the window's edge. */
export async function expectToFit(page: Page, what = page.url()): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  // A phone zooms out of a page that is too wide, so `innerWidth` tells nothing.
  const wide = (await page.evaluate("document.documentElement.scrollWidth")) as number;
  expect(wide, `${what} is wider than the window`).toBeLessThanOrEqual(width);
  const outside = await page.evaluate((edge) => {
    const { document, getComputedStyle } = globalThis as any;
    const scrolls = (one: any): boolean =>
      one !== null && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
    const all = [
      ...document.querySelectorAll("button, a, input, select, textarea, dialog, [role=menu], .toast"),
    ];
    return all
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !scrolls(one.parentElement))
      .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        return right - left > 1 && (left < -1 || right > edge + 1);
      })
      .map((one) => one.outerHTML.slice(0, 200));
  }, width);
  expect(outside, `outside of the window: ${what}`).toEqual([]);
}

/** What every decisive moment of a flow must be: within the window and accessible; and a picture of it. */
export async function inspect(page: Page, name: string): Promise<void> {
  await screenshot(page, name);
  await expectToFit(page, name);
  await expectAccessible(page);
}

/** Saves what the page looks like as test/e2e/screenshots/NAME.png; to be looked at, not compared. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
