/** The platform, as whoever runs it sees it. */
import { expect, test } from "vitest";
import { expectAccessible, PHONE, screenshot } from "../support/browser.ts";
import { newEmail, PASSWORD, post, signIn, stack, visit } from "../support/console.ts";

export function platform(): void {
  test("shows a superadmin every organization, limits one, suspends it, which can be undone, and deletes it by its name", async () => {
    const { email, password } = await stack.superadmin();
    const name = `Fernhill ${Date.now()}`;
    await post("auth/register", { org_name: name, email: newEmail(), password: PASSWORD });
    await visit({ viewport: PHONE }, async (page) => {
      await signIn(page, email, password);
      const row = page.locator(`tr:has-text("${name}")`);
      await row.waitFor();
      await expectAccessible(page);
      await screenshot(page, "platform-phone-en");
      const choose = async (label: string) => {
        await row.locator(".menu button >> nth=0").click();
        await page.click(`[role=menuitem] >> text=${label}`);
      };
      await choose("Limits");
      await page.fill("dialog input >> nth=0", "3");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(".toast >> text=Saved");
      await choose("Suspend");
      await row.locator(".badge >> text=Suspended").waitFor();
      await page.click(".toast:last-of-type button");
      await row.locator(".badge >> text=Active").waitFor();
      await choose("Delete");
      await page.fill("dialog input", name);
      await page.click("dialog button[type=submit]");
      expect(await page.textContent("dialog .copybox code")).toMatch(/^ey/);
      await page.keyboard.press("Escape");
      await page.goto(`${stack.url}/documents`);
      await page.waitForSelector(".empty");
    });
  });
}
