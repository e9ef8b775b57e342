/** The console as people use it: a real browser against the whole product, in both languages, on a desk and on a phone. */
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { evaluations, finishedRun } from "./console/evaluations.ts";
import { insights } from "./console/insights.ts";
import { keys } from "./console/keys.ts";
import { knowledge } from "./console/knowledge.ts";
import { organization } from "./console/organization.ts";
import { platform } from "./console/platform.ts";
import {
  DESKTOP,
  describeInBrowser,
  expectAccessible,
  openPage,
  PHONE,
  screenshot,
  type WatchOptions,
} from "./support/browser.ts";
import {
  browser,
  letterTo,
  navigate,
  newEmail,
  PASSWORD,
  post,
  signIn,
  stack,
  visit,
  withConsole,
} from "./support/console.ts";

const VARIANTS = [
  ["on a desk, in English", "desk-en", { viewport: DESKTOP, locale: "en-US", colorScheme: "light" }],
  ["on a phone, in English", "phone-en", { viewport: PHONE, locale: "en-US", colorScheme: "dark" }],
  ["on a desk, in Arabic", "desk-ar", { viewport: DESKTOP, locale: "ar", colorScheme: "dark" }],
  ["on a phone, in Arabic", "phone-ar", { viewport: PHONE, locale: "ar", colorScheme: "light" }],
] as const satisfies readonly (readonly [string, string, WatchOptions])[];

async function expectToFit(page: Page, path: string): Promise<void> {
  const wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(wider, `${path} is wider than the window`).toBeLessThanOrEqual(0);
}

describeInBrowser("the console", () => {
  withConsole();

  test.each(VARIANTS)(
    "shows every page %s, without a serious fault or a word of complaint",
    async (_, name, options) => {
      await visit(options, async (page) => {
        const arabic = options.locale === "ar";
        await page.waitForSelector("input[name=email]");
        expect(await page.getAttribute("html", "dir")).toBe(arabic ? "rtl" : "ltr");
        for (const door of ["sign-in", "sign-up", "forgot"]) {
          await page.goto(`${stack.url}/${door}`);
          await page.waitForSelector("form");
          await expectAccessible(page);
          await screenshot(page, `${door}-${name}`);
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
          await expectAccessible(page);
          await expectToFit(page, path);
          await screenshot(
            page,
            `${path === run ? "evaluations-run" : path.replace(/\W+/g, "-").slice(1)}-${name}`,
          );
          if (options.viewport !== PHONE) continue;
          // The narrowest phone that it is made for.
          await page.setViewportSize({ ...PHONE, width: 360 });
          await expectToFit(page, path);
          await page.setViewportSize(PHONE);
        }
      });
    },
  );

  test("signs up, verifies the e-mail with the code from the letter, stays signed in and signs out", async () => {
    const email = newEmail();
    await visit({ viewport: PHONE }, async (page) => {
      await page.click("a[href='/sign-up']");
      await page.fill("input[name=organization]", "Fernhill");
      await page.fill("input[name=email]", email);
      await page.fill("input[name=new-password]", PASSWORD);
      await page.click("button[type=submit]");
      await page.waitForSelector("input[name=code]");
      const [code] = /\b\d{6}\b/.exec(await letterTo(email)) ?? [];
      await page.fill("input[name=code]", code ?? "");
      await page.click("button[type=submit]");
      await page.waitForSelector(".welcome");
      await page.reload();
      await page.waitForSelector(".welcome");
      await page.click(".topbar button");
      await page.click(".account");
      await page.click("[role=menuitem] >> nth=-1");
      await page.waitForSelector("input[name=password]");
      await page.reload();
      await page.waitForSelector("input[name=password]");
    });
  });

  test("refuses a wrong password in words, and sets a new one with the code from the letter", async () => {
    const email = newEmail();
    await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
    await visit({ expected: /status of 401/ }, async (page) => {
      await page.fill("input[name=email]", email);
      await page.fill("input[name=password]", "not this one at all");
      await page.click("button[type=submit]");
      expect(await page.textContent("[role=alert]")).toContain("E-mail or password is wrong");
      expect(await page.textContent("[role=alert] code")).toMatch(/\S{8}/);
      await page.click("a[href='/forgot']");
      await page.fill("input[name=email]", email);
      await page.click("button[type=submit]");
      await page.waitForSelector("input[name=code]");
      await expect.poll(() => letterTo(email), { timeout: 10_000 }).toMatch(/new password/);
      const [code] = /\b\d{6}\b/.exec(await letterTo(email)) ?? [];
      await page.fill("input[name=code]", code ?? "");
      await page.fill("input[name=new-password]", "another horse battery");
      await page.click("button[type=submit]");
      await page.waitForSelector("input[name=password]");
      await signIn(page, email, "another horse battery");
    });
  });

  test("answers with chips that open the passage in its document, and comes back to the conversation by its address", async () => {
    await visit({}, async (page) => {
      await signIn(page);
      await page.fill("textarea", "How long does standard delivery take?");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".exchange-foot");
      expect(await page.textContent(".answer")).toContain("2 to 4 working days");
      await page.click(".answer .cite >> nth=0");
      await page.waitForSelector(".sources .context mark");
      expect(await page.textContent(".sources .context mark")).toContain("2 to 4 working days");
      await screenshot(page, "ask-sources-desk-en");
      await expectAccessible(page);
      await page.waitForURL(/\/ask\/[0-9a-f-]{36}$/);
      await page.reload();
      await page.waitForSelector(".answer .cite");
      expect(await page.textContent(".question")).toBe("How long does standard delivery take?");
      await page.fill("textarea", "And to Ireland?");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".exchange >> nth=1 >> .exchange-foot");
      await page.goBack();
    });
  });

  test("says that the server is out of reach, and asks again when it is there", async () => {
    await visit({ expected: /ERR_INTERNET_DISCONNECTED/ }, async (page) => {
      await signIn(page);
      await page.waitForSelector(".welcome");
      await page.context().setOffline(true);
      await page.fill("textarea", "How long does standard delivery take?");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".exchange [role=alert] >> text=The server cannot be reached");
      await page.context().setOffline(false);
      await page.click(".exchange button >> text=/Ask again|Try again/");
      await page.waitForSelector(".answer .cite");
      expect(await page.locator(".exchange").count()).toBe(1);
    });
  });

  test("on a phone takes a thumb down with a reason, shows sources in a sheet, and finds, renames and deletes a conversation, which can be undone", async () => {
    await visit({ viewport: PHONE }, async (page) => {
      await signIn(page);
      await page.fill("textarea", "Can I return worn boots?");
      await page.click("button[type=submit]");
      await page.waitForSelector(".exchange-foot");
      await page.click(".exchange-foot [aria-label='Bad answer']");
      await page.fill("dialog textarea >> nth=0", "It speaks of shops only.");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(".toast >> text=Thank you");
      await page.click(".chip >> nth=0");
      await page.waitForSelector("dialog .source.open");
      await screenshot(page, "ask-sources-phone-en");
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.click(".thread-head button >> nth=0");
      await page.click("dialog .session.current .menu > button");
      await page.click("[role=menuitem] >> nth=0");
      await page.fill("dialog:last-of-type form input", "Boots");
      await page.click("dialog:last-of-type button[type=submit]");
      await page.waitForSelector(".session >> text=Boots");
      await page.click("dialog .session.current .menu > button");
      await page.click("[role=menuitem].danger");
      await page.click(".toast button");
      await page.waitForSelector(".question >> text=Can I return worn boots?");
    });
  });

  test("takes in files, says how far each is and why one failed, and deletes with a receipt", async () => {
    const email = newEmail();
    await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
    await visit({ viewport: DESKTOP }, async (page) => {
      await signIn(page, email, PASSWORD);
      await navigate(page, "/documents");
      await page.waitForSelector(".empty");
      await page.setInputFiles("input[name=files]", [
        {
          name: "ferries.md",
          mimeType: "text/markdown",
          buffer: Buffer.from("# Ferries\n\nFerries leave at nine."),
        },
        { name: "locked.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 broken") },
      ]);
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(".uploads .badge.ok");
      await page.waitForSelector(".uploads .badge.danger");
      await page.waitForSelector("table a.title >> text=Ferries");
      await screenshot(page, "documents-uploaded-desk-en");
      await expectAccessible(page);
      await page.fill("input[type=search]", "FERR");
      await page.waitForURL(/name=FERR/);
      await page.waitForSelector("table tbody tr:only-child");
      await page.click("table a.title");
      await page.waitForSelector(".chunk");
      expect(await page.textContent(".chunk")).toContain("Ferries leave at nine.");
      await page.setInputFiles("input[name=replacement]", {
        name: "ferries.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Ferries\n\nFerries leave at ten."),
      });
      await page.waitForSelector(".chunk >> text=Ferries leave at ten.");
      await page.click(".tabs a >> nth=1");
      await page.click("table button >> text=Go back to it");
      await page.click(".tabs a >> nth=0");
      await page.waitForSelector(".chunk >> text=Ferries leave at nine.");
      await page.click(".page-head .menu button");
      await page.click("[role=menuitem].danger");
      await page.click("dialog .button.primary.danger");
      await page.waitForSelector("dialog .facts");
      await page.click("dialog .button.primary");
      await page.waitForURL(/\/documents$/);
    });
  });

  test("invites a person, who joins by the letter's link as a viewer and sees Ask alone", async () => {
    const [email, guest] = [newEmail(), newEmail()];
    await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
    await visit({}, async (page) => {
      await signIn(page, email, PASSWORD);
      await navigate(page, "/people");
      await page.click(".page-head button");
      await page.fill("dialog input[name=email]", guest);
      await page.selectOption("dialog select >> nth=0", "viewer");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(".toast");
      await page.click(".tabs a[href='/people/invitations']");
      await page.waitForSelector(`td >> text=${guest}`);
    });
    const [link = ""] = /http\S+#invitation=\S+/.exec(await letterTo(guest)) ?? [];
    await visit({}, async (page) => {
      await page.goto(link);
      await page.fill("input[name=new-password]", PASSWORD);
      await page.click("button[type=submit]");
      await page.waitForSelector(".welcome");
      expect(await page.locator(".nav-link").count()).toBe(1);
      await page.goto(`${stack.url}/settings`);
      await page.waitForSelector(".empty");
    });
  });

  test("makes an API key that works and is shown once, and a widget key with its line for a page", async () => {
    await visit({}, async (page) => {
      await signIn(page);
      await navigate(page, "/keys");
      await page.click("button.primary");
      await page.fill("dialog input[maxlength]", "help desk");
      await page.click("dialog button[type=submit]");
      const secret = (await page.textContent("dialog .copybox code >> nth=0")) ?? "";
      const answer = await fetch(`${stack.url}/api/v1/search`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ query: "delivery" }),
      });
      expect(answer.status).toBe(200);
      await expectAccessible(page);
      await page.click("dialog .button.primary");
      expect(await page.content()).not.toContain(secret);
      await page.click(".tabs a[href='/keys/widget']");
      await page.click("button.primary");
      await page.fill("dialog input[maxlength]", "shop");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("dialog .copybox >> text=/widget.js/");
      await screenshot(page, "widget-snippet-desk-en");
    });
  });

  test("changes settings and tells of it in the audit log, whose chain it checks", async () => {
    const email = newEmail();
    await post("auth/register", { org_name: "Fernhill", email, password: PASSWORD });
    await visit({}, async (page) => {
      await signIn(page, email, PASSWORD);
      await navigate(page, "/settings");
      await page.fill("form input >> nth=0", "Fernhill and Sons");
      await page.click("form button[type=submit]");
      await page.waitForSelector(".brand >> text=Fernhill and Sons");
      await page.goto(`${stack.url}/settings/answers`);
      await page.fill("textarea[name=instructions]", "Answer in one sentence.");
      await page.selectOption("select >> nth=0", "off");
      await page.click("form button[type=submit]");
      await page.click(".toast button");
      await expect.poll(() => page.inputValue("textarea[name=instructions]")).toBe("");
      await page.goto(`${stack.url}/settings/privacy`);
      await page.fill("input[type=number]", "90");
      await page.click("form button[type=submit]");
      await page.waitForSelector(".toast >> text=Saved");
      await page.reload();
      await expect.poll(() => page.inputValue("input[type=number]")).toBe("90");
      await navigate(page, "/audit");
      await page.selectOption("select >> nth=0", "org.changed");
      await page.waitForSelector("tbody tr >> nth=2 >> text=org.changed");
      await page.click(".page-head button >> nth=0");
      await page.waitForSelector(".callout.ok");
      await page.click("summary");
      await screenshot(page, "audit-entry-desk-en");
    });
  });

  knowledge();
  evaluations();
  insights();
  keys();
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
