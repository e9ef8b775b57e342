/** What people do with documents beyond uploading one: drops, archives, the web, failures, readers, many at once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { describeInBrowser, inspect, type WatchOptions } from "../support/browser.ts";
import {
  callerFor,
  colleagueOf,
  navigate,
  newAdmin,
  PASSWORD,
  signIn,
  visit,
  withConsole,
} from "../support/console.ts";
import { startSite } from "../support/sites.ts";
import { everywhere } from "../support/variants.ts";

const folder = mkdtempSync(join(tmpdir(), "kalamna-drop-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Drops files and folders of this machine where the pointer of a person would. */
async function drop(page: Page, files: string[]): Promise<void> {
  const box = await page.locator(".drop").boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20];
    await session.send("Input.dispatchDragEvent", { type, x, y, data });
  }
}

async function inNewOrganization(options: WatchOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const email = await newAdmin();
  await visit(options, async (page) => {
    await signIn(page, email, PASSWORD);
    await navigate(page, "/documents");
    await page.waitForSelector(".drop");
    await work(page);
  });
}

describeInBrowser("documents in the console", () => {
  withConsole(async () => ({ MAX_FILE_MB: "1" }));

  everywhere(
    "are taken in, replaced and put back, say how far they are and why one failed, and go with a receipt",
    async ({ options, name, say }) => {
      await inNewOrganization(options, async (page) => {
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
        await page.fill("input[type=search]", "FERR");
        await page.waitForURL(/name=FERR/);
        await page.waitForSelector("table tbody tr:only-child");
        await page.click("table a.title");
        await page.waitForSelector(".chunk");
        await expect.poll(() => page.textContent(".chunk")).toContain("Ferries leave at nine.");
        await page.setInputFiles("input[name=replacement]", {
          name: "ferries.md",
          mimeType: "text/markdown",
          buffer: Buffer.from("# Ferries\n\nFerries leave at ten."),
        });
        await page.waitForSelector(".chunk >> text=Ferries leave at ten.");
        await page.click(".tabs a >> nth=1");
        await page.waitForSelector("tbody tr >> nth=1");
        await inspect(page, `document-versions-${name}`);
        await page.click(`table button >> text=${say("Go back to it")}`);
        await page.click(".tabs a >> nth=0");
        await page.waitForSelector(".chunk >> text=Ferries leave at nine.");
        await page.click(".page-head .menu button");
        await inspect(page, `document-menu-${name}`);
        await page.click("[role=menuitem].danger");
        await page.click("dialog .button.primary.danger");
        await page.waitForSelector("dialog .facts");
        await page.click("dialog .button.primary");
        await page.waitForURL(/\/documents$/);
      });
    },
  );

  everywhere(
    "that are empty or too large are named when they are chosen, and the others are taken",
    async ({ options, name, language, say, says }) => {
      await inNewOrganization(options, async (page) => {
        await expect
          .poll(() => page.textContent(".page-head"))
          .toMatch(says("Up to {most} MB each.", { most: "1" }));
        const mimeType = "text/markdown";
        const ferries = { name: "ferries.md", mimeType, buffer: Buffer.from("# Ferries\n\nAt nine.") };
        const empty = { name: "empty.md", mimeType, buffer: Buffer.alloc(0) };
        const large = { name: "large.md", mimeType, buffer: Buffer.alloc(1024 * 1024 + 1, "a") };
        await page.setInputFiles("input[name=files]", [empty, large]);
        await page.waitForSelector(`dialog h2 >> text=${say("Nothing to upload")}`);
        await page.keyboard.press("Escape");
        await page.setInputFiles("input[name=files]", [empty, ferries, large]);
        await expect.poll(() => page.locator("dialog .callout li").count()).toBe(2);
        if (language === "en") {
          await page.waitForSelector("dialog li:has-text('empty.md') >> text=The file is empty.");
          await page.waitForSelector("dialog li:has-text('large.md') >> text=Files may have at most 1 MB.");
        }
        await inspect(page, `documents-refused-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".uploads .badge.ok");
        expect(await page.locator(".uploads li").count()).toBe(1);
      });
    },
  );

  everywhere(
    "of a member who reads external ones come in as external; a colleague's can be read and no more",
    async ({ options, name }) => {
      const admin = await newAdmin();
      const member = await colleagueOf(admin, "member");
      const harbour = { name: "harbour.md", content: "# Harbour\n\nIt is deep.", access_level: "external" };
      await (await callerFor(admin))("POST", "/api/v1/documents", harbour);
      await visit(options, async (page) => {
        await signIn(page, member, PASSWORD);
        await navigate(page, "/documents");
        const buffer = Buffer.from("# Ferries\n\nAt nine.");
        await page.setInputFiles("input[name=files]", {
          name: "ferries.md",
          mimeType: "text/markdown",
          buffer,
        });
        await expect.poll(() => page.locator("dialog select option").count()).toBe(1);
        await inspect(page, `documents-outsider-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".uploads .badge.ok");
        await page.waitForSelector("tr:has-text('Ferries') input:enabled");
        await page.waitForSelector("tr:has-text('Harbour') input:disabled");
        const menuOf = async (title: string) => {
          await page.click(`td.main a >> text=${title}`);
          await page.waitForSelector(".chunk");
          await page.click(".page-head .menu button");
          return page.locator("[role=menuitem]").count();
        };
        expect(await menuOf("Harbour")).toBe(1);
        await page.keyboard.press("Escape");
        await page.goBack();
        expect(await menuOf("Ferries")).toBe(5);
      });
    },
  );

  everywhere(
    "come in by dropping a folder, a file and an archive, without what a folder hides",
    async ({ options, name, phone, say }) => {
      mkdirSync(join(folder, "harbour/notes"), { recursive: true });
      writeFileSync(join(folder, "harbour/ferries.md"), "# Ferries\n\nFerries leave at nine.");
      writeFileSync(join(folder, "harbour/notes/tides.md"), "# Tides\n\nHigh water is at noon.");
      writeFileSync(join(folder, "harbour/.DS_Store"), "nobody means this");
      const lines = [
        { name: "winter.md", content: "# Winter\n\nNo ferry in a storm." },
        { name: "summer.md", content: "# Summer\n\nA ferry every hour." },
        { name: "torn.pdf", content_base64: btoa("%PDF-1.4 torn") },
      ];
      writeFileSync(join(folder, "seasons.ndjson"), lines.map((line) => JSON.stringify(line)).join("\n"));
      const paths = ["harbour/ferries.md", "harbour/notes/tides.md", "seasons.ndjson"];
      const files = paths.map((path) => join(folder, path));
      const names = phone ? files.map((file) => basename(file)) : paths;
      await inNewOrganization(options, async (page) => {
        // A thumb drops nothing: a phone has the picker, and no folders.
        if (phone) await page.setInputFiles("input[name=files]", files);
        else await drop(page, [join(folder, "harbour"), join(folder, "seasons.ndjson")]);
        for (const file of names) await page.waitForSelector(`dialog li >> text=${file}`);
        await expect.poll(() => page.locator("dialog li").count()).toBe(3);
        await inspect(page, `documents-upload-${name}`);
        await page.click("dialog button[type=submit]");
        for (const file of names) await page.waitForSelector(`.uploads li:has-text("${file}") .badge.ok`);
        await page.waitForSelector(`.uploads li:has-text("seasons.ndjson") li:has-text("torn.pdf")`);
        for (const title of ["Ferries", "Tides", "Winter", "Summer"])
          await page.waitForSelector(`td.main a >> text=${title}`);
        await inspect(page, `documents-uploaded-${name}`);
        await page.click(`button >> text=${say("Clear finished")}`);
        await page.waitForSelector(".uploads", { state: "detached" });
      });
    },
  );

  everywhere(
    "come from a page of the web, which is looked at again, paused and deleted with its document",
    async ({ options, name, say, says }) => {
      let visits = 0;
      const site = await startSite((path) => {
        if (path !== "/tides.html") return undefined;
        visits++;
        return { body: "<title>Tides</title><main><h1>Tides</h1><p>High water is at noon.</p></main>" };
      });
      try {
        await inNewOrganization(options, async (page) => {
          await page.click(`.page-head button >> text=${say("From the web")}`);
          await page.fill("dialog input[type=url]", `${site.url}/tides.html`);
          await page.selectOption("dialog select >> nth=1", "daily");
          await inspect(page, `web-source-${name}`);
          await page.click("dialog button[type=submit]");
          await page.waitForURL(/tab=sources/);
          const reload = async (there: string) => {
            await expect
              .poll(() => page.reload().then(() => page.waitForSelector("td.main")), { timeout: 30_000 })
              .toBeTruthy();
            return page.locator(there).count();
          };
          await expect.poll(() => reload("td .badge.ok"), { timeout: 60_000 }).toBe(1);
          const counts = says("{fetched} there, {failed} failed, {queued} to go", { fetched: 1 });
          await expect.poll(() => page.textContent("tbody tr")).toMatch(counts);
          const before = visits;
          const choose = async (what: string) => {
            await page.click("td.end .menu button");
            await page.click(`[role=menuitem] >> text=${say(what)}`);
          };
          await choose("Look again now");
          await expect.poll(() => visits, { timeout: 30_000 }).toBeGreaterThan(before);
          await expect.poll(() => reload("td .badge.ok"), { timeout: 60_000 }).toBe(1);
          await choose("Pause");
          await page.waitForSelector(`td .badge >> text=${say("Paused")}`);
          await choose("Resume");
          await page.waitForSelector(`td .badge >> text=${say("Paused")}`, { state: "detached" });
          await page.click(`td.main a >> text=${say("Open the document")}`);
          await page.waitForSelector(".chunk >> text=High water is at noon.");
          await page.goBack();
          await choose("Delete");
          await page.click("dialog .button.primary.danger");
          await page.waitForSelector(`.empty >> text=${say("No web sources yet")}`);
          await page.click(".tabs a[href='/documents']");
          await page.waitForSelector(`.empty >> text=${say("No documents yet")}`);
        });
      } finally {
        await site.close();
      }
    },
  );

  everywhere(
    "are read again after a failure, given other readers and labels, which can be undone, and deleted many at once",
    async ({ options, name, say, says }) => {
      await inNewOrganization(options, async (page) => {
        await page.setInputFiles("input[name=files]", [
          { name: "ferries.md", mimeType: "text/markdown", buffer: Buffer.from("# Ferries\n\nAt nine.") },
          { name: "locked.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 broken") },
        ]);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".uploads .badge.ok");
        await page.waitForSelector(".uploads .badge.danger");
        await page.selectOption(".filters select", "failed");
        await page.waitForURL(/status=failed/);
        await page.waitForSelector(`tbody tr:only-child >> text=${says("The document is damaged")}`);
        await page.click(`button >> text=${say("Read all failed ones again")}`);
        await page.waitForSelector(
          `.toast >> text=${say("{count} documents are being read again", { count: 1 })}`,
        );
        await inspect(page, `documents-failed-${name}`);
        await page.selectOption(".filters select", "");
        await page.click("td.main a >> text=Ferries");
        await page.waitForSelector(".chunk");
        await page.click(".page-head .menu button");
        await page.click(`[role=menuitem] >> text=${say("Edit")}`);
        await page.selectOption("dialog select", "external");
        await page.click(`dialog button >> text=${say("Add a label")}`);
        await page.fill("dialog .pairs input >> nth=0", "team");
        await page.fill("dialog .pairs input >> nth=1", "harbour");
        await inspect(page, `document-edit-${name}`);
        await page.click("dialog button[type=submit]");
        await page.click(`.tabs a >> text=${say("Details")}`);
        await page.waitForSelector(".facts >> text=team: harbour");
        await expect.poll(() => page.textContent(".facts")).toMatch(says("External"));
        await page.click(`.toast >> text=${say("Saved")} >> xpath=.. >> button`);
        await page.waitForSelector(".facts >> text=team: harbour", { state: "detached" });
        await expect.poll(() => page.textContent(".facts")).toMatch(says("Internal"));
        await inspect(page, `document-details-${name}`);
        await page.click("a.row[href='/documents']");
        await page.waitForSelector("tbody tr >> nth=1");
        for (const box of await page.locator("td.main input[type=checkbox]").all()) await box.check();
        await page.click(`button.danger >> text=${say("Delete")}`);
        await page.click("dialog .button.primary.danger");
        await page.waitForSelector("dialog .facts");
        await expect.poll(() => page.textContent("dialog .facts")).toMatch(/^\D*2/);
        await inspect(page, `documents-deleted-${name}`);
        await page.click("dialog .button.primary");
        await page.waitForSelector(`.empty >> text=${say("No documents yet")}`);
      });
    },
  );
});
