/** The console in a browser: a stack that a file's tests share, people in it, and what they do on every page. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { openBrowser, openPage, screenshot, type WatchOptions } from "./browser.ts";
import { startTestStack, type TestStack } from "./stack.ts";

export const PASSWORD = "correct horse battery";

export let stack: TestStack;
export let browser: Browser;
let people = 0;

let callers = 0;
/** Each comes from an address of its own: one address may sign in so often a minute, and a test file is in a hurry. */
const fromSomewhere = () => ({ "cf-connecting-ip": `198.51.100.${++callers % 250}` });

/**
 * One stack and one browser for a file's tests.
 * @param more variables of the Worker
 */
export function withConsole(more: () => Promise<Record<string, string>> = async () => ({})): void {
  beforeAll(async () => {
    // Webhooks and an identity provider of the tests are on this machine.
    const variables = { ALLOW_LOOPBACK_FETCH: "true", ...(await more()) };
    [stack, browser] = await Promise.all([startTestStack({ variables }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
}

/** Asks the API without anybody signed in. */
export async function post(path: string, body: object): Promise<any> {
  const response = await fetch(`${stack.url}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...fromSomewhere() },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** The newest letter to somebody, as the machine's own mailbox has it. */
export async function letterTo(email: string): Promise<string> {
  const answer = await fetch(`${stack.url}/dev/mailbox?to=${encodeURIComponent(email)}`);
  const { data } = (await answer.json()) as { data: { text: string }[] };
  return data[0]?.text ?? "";
}

export const newEmail = () => `person-${++people}-${Date.now()}@example.com`;

/** The admin of an organization that has nothing yet. */
export async function newAdmin(): Promise<string> {
  const email = newEmail();
  await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
  return email;
}

/** Calls the API as somebody. */
export async function callerFor(email: string): Promise<TestStack["api"]> {
  const { token } = await post("auth/login", { email, password: PASSWORD });
  return stack.as(token);
}

/** With the code from the letter, as some things demand. */
export async function verified(email: string): Promise<string> {
  const [code] = /\b\d{6}\b/.exec(await letterTo(email)) ?? [];
  await post("auth/verify-email", { email, code });
  return email;
}

/** A colleague who has accepted the admin's invitation; an outsider, since no domain is internal. */
export async function colleagueOf(admin: string, role: "member" | "viewer" = "viewer"): Promise<string> {
  const email = newEmail();
  await (await callerFor(admin))("POST", "/api/v1/employees", { email, role });
  await expect.poll(() => letterTo(email), { timeout: 10_000 }).toContain("#invitation=");
  const [, invitation] = /#invitation=(\S+)/.exec(await letterTo(email)) ?? [];
  await post("auth/accept-invite", { token: invitation, password: PASSWORD });
  return email;
}

/** A page of the console; whatever it complains of fails the test in the end. */
export async function visit(options: WatchOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, context, complaints } = await openPage(browser, {
    extraHTTPHeaders: fromSomewhere(),
    ...options,
  });
  // Four people share two cores.
  page.setDefaultTimeout(60_000);
  try {
    await page.goto(`${stack.url}/`);
    await work(page);
    expect(complaints).toEqual([]);
  } catch (thrown) {
    const flow = expect.getState().currentTestName?.replace(/\W+/g, "-").slice(0, 90);
    await screenshot(page, `failed-${options.variant ?? ""}-${flow}`);
    throw thrown;
  } finally {
    await context.close();
  }
}

export async function signIn(page: Page, email = stack.demo.email, password = stack.demo.password) {
  await page.fill("input[name=email]", email);
  await page.fill("input[name=password]", password);
  await page.click("button[type=submit]");
  await page.waitForSelector("#content");
}

/** Follows a link of the navigation, which a phone has behind a button. */
export async function navigate(page: Page, path: string) {
  const link = page.locator(`.nav-link[href="${path}"]`);
  if (!(await link.isVisible())) await page.click(".topbar button");
  await link.click();
}
