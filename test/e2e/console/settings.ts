/** Settings, and what the audit log says of them. */
import { expect } from "vitest";
import { inspect, screenshot } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, stack, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

export function settings(): void {
  everywhere(
    "changes settings and tells of it in the audit log, whose chain it checks",
    async ({ options, name, say }) => {
      const email = await newAdmin();
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await navigate(page, "/settings");
        await page.fill("form input >> nth=0", "Fernhill and Sons");
        await page.click("form button[type=submit]");
        // Behind a button on a phone.
        await page.waitForSelector(".brand >> text=Fernhill and Sons", { state: "attached" });
        await page.goto(`${stack.url}/settings/answers`);
        await page.fill("textarea[name=instructions]", "Answer in one sentence.");
        await page.selectOption("select >> nth=0", "off");
        await page.click("form button[type=submit]");
        await page.waitForSelector(".toast button");
        await screenshot(page, `settings-answers-saved-${name}`);
        await page.click(".toast button");
        await expect.poll(() => page.inputValue("textarea[name=instructions]")).toBe("");
        await page.goto(`${stack.url}/settings/privacy`);
        await page.fill("input[type=number]", "90");
        await page.click("form button[type=submit]");
        await page.waitForSelector(`.toast >> text=${say("Saved")}`);
        await page.reload();
        await expect.poll(() => page.inputValue("input[type=number]")).toBe("90");
        await navigate(page, "/audit");
        await page.selectOption("select >> nth=0", "org.changed");
        await page.waitForSelector("tbody tr >> nth=2 >> text=org.changed");
        await page.click(".page-head button >> nth=0");
        await page.waitForSelector(".callout.ok");
        await page.click("summary");
        await inspect(page, `audit-entry-${name}`);
      });
    },
  );
}
