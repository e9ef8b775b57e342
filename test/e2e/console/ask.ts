/** Asking, and what may be done with an answer and with the conversation it stands in. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { signIn, stack, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

const DELIVERY = "How long does standard delivery take?";

/** As a thumb does it on a phone, where Enter may be a new line. */
async function ask(page: Page, question: string): Promise<void> {
  await page.fill("textarea", question);
  await page.click(".composer button[type=submit]");
}

export function asking(): void {
  everywhere(
    "answers with chips that open the passage in its document, and comes back to the conversation by its address",
    async ({ options, name, phone }) => {
      await visit(options, async (page) => {
        await signIn(page);
        await page.fill("textarea", DELIVERY);
        await page.keyboard.press("Enter");
        await page.waitForSelector(".exchange-foot");
        await expect.poll(() => page.textContent(".answer")).toContain("2 to 4 working days");
        await page.click(".answer .cite >> nth=0");
        // Beside the answer where there is room, in a sheet over it where there is none.
        const sources = phone ? "dialog" : ".sources";
        await page.waitForSelector(`${sources} .context mark`);
        await expect
          .poll(() => page.textContent(`${sources} .context mark`))
          .toContain("2 to 4 working days");
        await inspect(page, `ask-sources-${name}`);
        await page.waitForURL(/\/ask\/[0-9a-f-]{36}$/);
        const address = page.url();
        await page.reload();
        await page.waitForSelector(".answer .cite");
        await expect.poll(() => page.textContent(".question")).toBe(DELIVERY);
        await ask(page, "And to Ireland?");
        await page.waitForSelector(".exchange >> nth=1 >> .exchange-foot");
        await inspect(page, `ask-followed-${name}`);
        await page.click(".thread-head a, .earlier > a");
        await page.waitForSelector(".welcome");
        await page.goBack();
        await page.waitForURL(address);
        await page.waitForSelector(".exchange >> nth=1 >> .exchange-foot");
      });
    },
  );

  everywhere(
    "says that the server is out of reach, and asks again when it is there",
    async ({ options, name, say }) => {
      await visit({ ...options, expected: /ERR_INTERNET_DISCONNECTED/ }, async (page) => {
        await signIn(page);
        await page.waitForSelector(".welcome");
        await page.context().setOffline(true);
        await ask(page, DELIVERY);
        const alert = page.locator(".exchange [role=alert]");
        await alert.getByText(say("The server cannot be reached. Check your connection.")).waitFor();
        await inspect(page, `ask-offline-${name}`);
        await page.context().setOffline(false);
        await alert.getByRole("button", { name: say("Try again") }).click();
        await page.waitForSelector(".answer .cite");
        await expect.poll(() => page.locator(".exchange").count()).toBe(1);
      });
    },
  );

  everywhere(
    "takes a thumb down with a reason, and finds, renames, takes along and deletes a conversation, which can be undone",
    async ({ options, name, say }) => {
      await visit(options, async (page) => {
        await signIn(page);
        await ask(page, "Can I return worn boots?");
        await page.waitForSelector(".exchange-foot");
        await page.getByRole("button", { name: say("Bad answer") }).click();
        await page.fill("dialog textarea >> nth=0", "It speaks of shops only.");
        await inspect(page, `ask-feedback-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(`.toast >> text=${say("Thank you, noted")}`);
        await page.click(".chip >> nth=0");
        await page.waitForSelector(".source.open");
        await page.keyboard.press("Escape");

        await page.click(".thread-head button >> nth=0");
        const current = page.locator("dialog .session.current");
        const choose = async (what: string) => {
          await current.locator(".menu > button").click();
          await page.click(`[role=menuitem] >> text=${say(what)}`);
        };
        await current.locator(".menu > button").click();
        await inspect(page, `ask-history-${name}`);
        await page.click(`[role=menuitem] >> text=${say("Rename")}`);
        await page.fill("dialog:last-of-type form input", "Boots");
        await page.click("dialog:last-of-type button[type=submit]");
        await page.waitForSelector(".session >> text=Boots");
        const file = page.waitForEvent("download");
        await choose("Take along as Markdown");
        expect((await file).suggestedFilename()).toBe("Boots.md");
        expect(readFileSync(await (await file).path(), "utf8")).toContain("Can I return worn boots?");
        await choose("Delete");
        await page.waitForSelector(".welcome");
        await page.click(".toast:last-of-type button");
        await page.waitForSelector(".question >> text=Can I return worn boots?");
      });
    },
  );

  everywhere(
    "offers a new conversation where one was deleted in another tab, and asks there what was asked here",
    async ({ options, name, say }) => {
      await visit({ ...options, expected: /status of 404/ }, async (page) => {
        await signIn(page);
        await ask(page, DELIVERY);
        await page.waitForSelector(".exchange-foot");
        await page.waitForURL(/\/ask\/[0-9a-f-]{36}$/);
        const gone = page.url();
        await stack.api("DELETE", `/api/v1/chat/sessions/${gone.split("/").at(-1)}`);

        await ask(page, "And to Ireland?");
        const again = page.getByRole("button", { name: say("Ask in a new conversation") });
        await again.waitFor();
        await inspect(page, `ask-gone-meanwhile-${name}`);
        await again.click();
        await page.waitForSelector(".exchange:only-of-type .exchange-foot");
        await page.waitForURL((url) => url.href !== gone && /\/ask\/./.test(url.pathname));

        await page.goto(gone);
        await page.waitForSelector(`.empty h2 >> text=${say("This conversation is not there any more")}`);
        await inspect(page, `ask-gone-${name}`);
        await page.click(".empty a");
        await page.waitForSelector(".welcome");
      });
    },
  );
}
