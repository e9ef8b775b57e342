/** The console as people use it: a real browser against the whole product, in both languages, on a desk and on a phone. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { asking } from "./console/ask.ts";
import { doors } from "./console/doors.ts";
import { evaluations, finishedRun } from "./console/evaluations.ts";
import { insights } from "./console/insights.ts";
import { keys } from "./console/keys.ts";
import { knowledge } from "./console/knowledge.ts";
import { organization } from "./console/organization.ts";
import { platform } from "./console/platform.ts";
import { settings } from "./console/settings.ts";
import { describeInBrowser, expectToFit, inspect, openPage, PHONE } from "./support/browser.ts";
import { browser, signIn, stack, visit, withConsole } from "./support/console.ts";
import { VARIANTS } from "./support/variants.ts";

describeInBrowser("the console", () => {
  withConsole();

  test.each(VARIANTS)(
    "shows every page $title, without a serious fault or a word of complaint",
    async ({ name, options, language, phone }) => {
      await visit(options, async (page) => {
        await page.waitForSelector("input[name=email]");
        await expect.poll(() => page.getAttribute("html", "dir")).toBe(language === "ar" ? "rtl" : "ltr");
        for (const door of ["sign-in", "sign-up", "forgot"]) {
          await page.goto(`${stack.url}/${door}`);
          await page.waitForSelector("form");
          await inspect(page, `${door}-${name}`);
        }
        await page.goto(`${stack.url}/sign-in`);
        await signIn(page);
        await stack.api("POST", "/api/v1/query/sync", { query: "Do you ship to the moon?" });
        const run = await finishedRun();
        const pages = [
          ["/ask", ".welcome"],
          ["/documents", "a.title"],
          ["/documents?tab=sources", ".empty"],
          ["/knowledge", ".empty, td.main"],
          ["/knowledge/gaps", ".empty, td.main"],
          ["/knowledge?open=new", "dialog form"],
          ["/evaluations", "td.main"],
          ["/evaluations?open=new", "dialog form"],
          ["/evaluations/runs", "td.main"],
          ["/evaluations/runs?open=new", "dialog form"],
          ["/evaluations/feedback", ".empty, td.main"],
          [run, ".measures"],
          ["/insights", ".tiles"],
          ["/insights?period=day", ".tiles"],
          ["/insights/questions", "td.main"],
          ["/insights/documents", "td.main"],
          ["/insights/people", "td.main"],
          ["/people", "td.main"],
          ["/people/invitations", ".empty"],
          ["/people/groups", ".empty, td.main"],
          ["/keys", ".empty, td.main"],
          ["/keys/widget", ".empty, td.main"],
          ["/audit", "td.main"],
          ["/telemetry", ".log-line"],
          ["/settings", "form.card"],
          ["/settings/answers", "form.card"],
          ["/settings/privacy", "form.card"],
          ["/settings/models", ".model"],
          ["/settings/usage", ".meter"],
          ["/settings/identity", "form.card"],
          ["/settings/webhooks", ".empty"],
          ["/account", ".device"],
          ["/nowhere", ".empty"],
        ] as const;
        for (const [path, there] of pages) {
          await page.goto(`${stack.url}${path}`);
          await page.waitForSelector(there);
          const about = path === run ? "evaluations-run" : path.replace(/\W+/g, "-").slice(1);
          await inspect(page, `${about}-${name}`);
          if (!phone) continue;
          // The narrowest phone that it is made for.
          await page.setViewportSize({ ...PHONE, width: 360 });
          await expectToFit(page, path);
          await page.setViewportSize(PHONE);
        }
      });
    },
  );

  doors();
  asking();
  knowledge();
  evaluations();
  insights();
  keys();
  settings();
  organization();
  platform();

  test("loads at most 60 KB of scripts, compressed, before the first question", async () => {
    const { page, context } = await openPage(browser);
    const scripts: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.push(response.body());
    });
    await page.goto(`${stack.url}/`);
    await signIn(page);
    await page.waitForSelector(".welcome");
    const sizes = (await Promise.all(scripts)).map((body) => gzipSync(body).byteLength);
    await context.close();
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * 1024);
  });
});
