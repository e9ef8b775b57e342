/** The platform, as whoever runs it sees it. */
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { newEmail, PASSWORD, post, signIn, stack, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

export function platform(): void {
  everywhere(
    "shows a superadmin every organization, limits one, suspends it, which can be undone, and deletes it by its name",
    async ({ options, name, say }) => {
      const { email, password } = await stack.superadmin();
      const org = `Fernhill ${newEmail()}`;
      await post("auth/register", { org_name: org, email: newEmail(), password: PASSWORD });
      await visit(options, async (page) => {
        await signIn(page, email, password);
        const row = page.locator(`tr:has-text("${org}")`);
        await row.waitFor();
        await inspect(page, `platform-${name}`);
        const choose = async (what: string) => {
          await row.locator(".menu button >> nth=0").click();
          await page.click(`[role=menuitem] >> text=${say(what)}`);
        };
        await choose("Limits");
        await page.fill("dialog input >> nth=0", "3");
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(`.toast >> text=${say("Saved")}`);
        await choose("Suspend");
        await row.locator(`.badge >> text=${say("Suspended")}`).waitFor();
        await page.click(".toast:last-of-type button");
        await row.locator(`.badge >> text=${say("Active")}`).waitFor();
        await choose("Delete");
        await page.fill("dialog input", org);
        await page.click("dialog button[type=submit]");
        await expect.poll(() => page.textContent("dialog .copybox code")).toMatch(/^ey/);
        await inspect(page, `platform-deleted-${name}`);
        await page.keyboard.press("Escape");
        await page.goto(`${stack.url}/documents`);
        await page.waitForSelector(".empty");
      });
    },
  );
}
