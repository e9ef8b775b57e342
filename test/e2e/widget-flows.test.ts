/** What visitors do with the widget on a site that is not ours: in both languages, on a desk and on a phone. */
import type { Locator, Page as Tab } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { fill, languageFor, type Strings } from "../../src/web/widget/strings.ts";
import { describeInBrowser, inspect, PHONE, type WatchOptions } from "./support/browser.ts";
import { callerFor, stack, visit, withConsole } from "./support/console.ts";
import { closeModels, lastRequest, limitOf, modelOfEach, readerOf, speaks, tell } from "./support/models.ts";
import { type Line, type Site, startLine, startSite } from "./support/sites.ts";
import { everywhere, type Variant } from "./support/variants.ts";

const QUESTION = "When do ferries leave?";
const ANSWER = "Ferries leave at **nine** in the morning [1].";
const WORDS = Array.from({ length: 60 }, (_, at) => `word${at}`).join(" ");

/** A visitor in front of the open panel. */
type Visit = {
  page: Tab;
  widget: Locator;
  strings: Strings;
  /** The way to the stack, which can be cut. */
  line: Line;
  /** Of the organization that the site belongs to. */
  admin: string;
  key: string;
};

describeInBrowser("visitors", () => {
  withConsole(modelOfEach);
  closeModels();

  let shop: Site;
  const pages = new Map<string, string>();
  beforeAll(async () => {
    shop = await startSite((path) => ({ body: pages.get(path) ?? "" }));
  });
  afterAll(() => shop?.close());

  /** A site of an organization of its own, in the visitor's language, with the widget on it. */
  async function onSite(
    { name, language, options }: Variant,
    { settings = {}, ...watch }: WatchOptions & { settings?: object },
    work: (visitor: Visit) => Promise<void>,
  ): Promise<void> {
    const admin = await readerOf(name, settings);
    const api = await callerFor(admin);
    const wanted = { name: "Harbour", allowed_origins: [shop.url] };
    const { key } = (await api("POST", "/api/v1/widget-keys", wanted)).widget_key;
    const line = await startLine(stack.url);
    pages.set(
      `/${name}`,
      `<!doctype html><html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head>
        <meta charset="utf-8"><title>Harbour</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <script src="${line.url}/widget.js" data-key="${key}" data-suggestions="${QUESTION}" async></script>
        </head><body><main><h1>Harbour</h1><p>Words.</p></main></body></html>`,
    );
    const { strings } = languageFor([language]);
    try {
      // A header of ours would be no part of what the widget may send across origins.
      await visit({ ...options, ...watch, extraHTTPHeaders: {} }, async (page) => {
        await page.goto(`${shop.url}/${name}`);
        const widget = page.locator("kalamna-widget");
        await widget.getByRole("button", { name: strings.open }).click();
        await work({ page, widget, strings, line, admin, key });
      });
    } finally {
      await line.close();
    }
  }

  async function ask(widget: Locator): Promise<void> {
    await widget.locator("textarea[name=question]").fill(QUESTION);
    await widget.locator("textarea[name=question]").press("Enter");
  }
  const exchange = (widget: Locator) => widget.locator(".exchange").last();
  const answered = (widget: Locator) => exchange(widget).locator(".thumbs").waitFor();
  const failure = async (widget: Locator) => {
    await exchange(widget).locator(".failed").waitFor();
    return exchange(widget).locator(".failed").textContent();
  };

  everywhere(
    "read an answer and its passage, say what was wrong with it, and begin anew",
    async (variant) => {
      const { name, phone, language } = variant;
      await speaks(name, ANSWER);
      await onSite(variant, {}, async ({ page, widget, strings, admin }) => {
        if (phone)
          await expect.poll(() => widget.locator(".panel").boundingBox()).toEqual({ x: 0, y: 0, ...PHONE });
        await inspect(page, `widget-welcome-${name}`);
        await widget.getByRole("button", { name: QUESTION }).click();
        await answered(widget);
        await inspect(page, `widget-answer-${name}`);
        await exchange(widget).locator(".chip").first().click();
        await widget.locator(".passage mark").first().waitFor();
        await inspect(page, `widget-passage-${name}`);
        await widget.getByRole("button", { name: strings.back }).click();
        await widget.getByRole("button", { name: strings.down }).click();
        await widget.getByLabel(strings.outdated).check();
        await widget.getByLabel(strings.comment).fill("They leave at ten now.");
        await inspect(page, `widget-feedback-${name}`);
        await widget.getByRole("button", { name: strings.sendFeedback }).click();
        await widget.getByText(strings.thanks).first().waitFor();
        const api = await callerFor(admin);
        await expect
          .poll(async () => (await api("GET", "/api/v1/feedback")).data)
          .toMatchObject([{ reason: "outdated", comment: "They leave at ten now." }]);

        await page.reload();
        // It covers a phone, and does not open there by itself.
        if (phone) await widget.getByRole("button", { name: strings.open }).click();
        await exchange(widget).locator(".answer").waitFor();
        await expect.poll(() => exchange(widget).locator(".question").textContent()).toContain(QUESTION);
        await widget.getByRole("button", { name: strings.newChat }).click();
        await expect.poll(() => widget.locator(".exchange").count()).toBe(0);
        const direction = await widget
          .locator(".panel")
          .evaluate((panel: any) => (globalThis as any).getComputedStyle(panel).direction);
        expect(direction).toBe(language === "ar" ? "rtl" : "ltr");
        await widget.getByRole("button", { name: strings.close }).first().click();
        await widget.locator(".panel").waitFor({ state: "detached" });
        await inspect(page, `widget-launcher-${name}`);
      });
    },
  );

  everywhere("stop an answer, and try again", async (variant) => {
    const { name } = variant;
    // A minute and more: nobody is too slow to stop it.
    await speaks(name, `${WORDS} `.repeat(20), 100);
    await onSite(variant, {}, async ({ page, widget, strings }) => {
      await ask(widget);
      await exchange(widget).locator(".answer").waitFor();
      await inspect(page, `widget-streaming-${name}`);
      await widget.getByRole("button", { name: strings.stop }).click();
      await exchange(widget).getByText(strings.stopped).waitFor();
      await inspect(page, `widget-stopped-${name}`);
      await expect.poll(() => lastRequest(name)).toBe("aborted");
      await speaks(name, ANSWER);
      await widget.getByRole("button", { name: strings.retry }).click();
      await answered(widget);
      await expect.poll(() => widget.locator(".exchange").count()).toBe(1);
    });
  });

  everywhere(
    "are told in plain words what is wrong: no network, no model, month used up, too fast",
    async (variant) => {
      const { name } = variant;
      await speaks(name, ANSWER);
      await onSite(variant, { expected: /Failed to load/ }, async (visitor) => {
        const { page, widget, strings, line, admin, key } = visitor;
        await page.context().setOffline(true);
        await widget.getByText(strings.offline).waitFor();
        await expect.poll(() => widget.getByRole("button", { name: strings.send }).isDisabled()).toBe(true);
        await inspect(page, `widget-offline-${name}`);
        await page.context().setOffline(false);
        await widget.getByText(strings.offline).waitFor({ state: "detached" });

        line.down = true;
        await ask(widget);
        expect(await failure(widget)).toContain(strings.network);
        line.down = false;

        await tell(name, { do: "status", status: 500 });
        await ask(widget);
        const said = await failure(widget);
        expect(said).toContain(strings.unavailable);
        expect(said).toContain(fill(strings.reference, { id: "" }).trim());
        await inspect(page, `widget-failed-${name}`);

        await limitOf(admin, { documents: null, questions: 0 });
        await ask(widget);
        expect(await failure(widget)).toContain(strings.quota_exceeded);
        await inspect(page, `widget-quota-${name}`);
        await limitOf(admin, { documents: null, questions: null });

        await useUp(page, line, key);
        await ask(widget);
        const [before = "", after = ""] = strings.rate_limited.split("{n}");
        expect(await failure(widget)).toMatch(new RegExp(`${before}\\d+${after}`));
        await inspect(page, `widget-too-fast-${name}`);
      });
    },
  );

  everywhere("read on after the connection broke, or are told that it broke off", async (variant) => {
    const { name } = variant;
    await speaks(name, WORDS, 30);
    const settings = { finish_answers: true };
    await onSite(variant, { settings, expected: /ERR_|Failed to load/ }, async (visitor) => {
      const { page, widget, strings, line, admin } = visitor;
      line.cutAt = "word20";
      await ask(widget);
      await answered(widget);
      expect(line.cutAt).toBeUndefined();
      expect((await exchange(widget).locator(".answer").textContent())?.trim()).toBe(WORDS);

      const api = await callerFor(admin);
      await api("PATCH", "/api/v1/org", { settings: { finish_answers: false } });
      line.cutAt = "word20";
      await ask(widget);
      expect(await failure(widget)).toContain(strings.interrupted);
      await inspect(page, `widget-interrupted-${name}`);
      await speaks(name, ANSWER);
      await widget.getByRole("button", { name: strings.retry }).click();
      await answered(widget);
    });
  });

  /** Spends what a visitor has for this minute, at the visitor's address. */
  async function useUp(page: Tab, { url }: Line, key: string): Promise<void> {
    await page.evaluate(
      async ([address, stored]) => {
        const token = (globalThis as any).sessionStorage.getItem(stored);
        const headers = { authorization: `Bearer ${token}` };
        while ((await fetch(address, { headers })).status !== 429);
      },
      [`${url}/api/v1/documents`, `kalamna:${key}:token`] as const,
    );
  }
});
