/** Keys, beyond making one: a new secret, the end of one, the widget as its page will show it. */
import { expect, test } from "vitest";
import { expectAccessible, screenshot } from "../support/browser.ts";
import { newAdmin, PASSWORD, signIn, stack, visit } from "../support/console.ts";

const search = (secret: string | null) =>
  fetch(`${stack.url}/api/v1/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "delivery" }),
  }).then(({ status }) => status);

export function keys(): void {
  test("rotates an API key at once, and revokes it", async () => {
    const email = await newAdmin();
    await visit({}, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/keys`);
      await page.click(".empty button");
      await page.fill("dialog input[maxlength]", "help desk");
      await page.click("dialog button[type=submit]");
      const first = await page.textContent("dialog .copybox code >> nth=0");
      await page.click("dialog .button.primary");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem] >> nth=0");
      await page.selectOption("dialog select", "none");
      await page.click("dialog button[type=submit]");
      const second = await page.textContent("dialog .copybox code >> nth=0");
      expect(second).not.toBe(first);
      expect([await search(first), await search(second)]).toEqual([401, 200]);
      await page.click("dialog .button.primary");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem].danger");
      await page.click("dialog .button.danger");
      await page.waitForSelector("td .badge >> text=Revoked");
      expect(await search(second)).toBe(401);
    });
  });

  test("shows the widget beside its line as the line will make it, and it answers", async () => {
    await visit({}, async (page) => {
      await signIn(page);
      await page.goto(`${stack.url}/keys/widget`);
      await page.click("button.primary");
      await page.fill("dialog input[maxlength]", "front page");
      await page.click("dialog button[type=submit]");
      await page.fill("dialog .looks input >> nth=0", 'Ask "Fernhill"');
      expect(await page.textContent("dialog .copybox code")).toContain(
        'data-title="Ask &quot;Fernhill&quot;"',
      );
      const widget = page.frameLocator("iframe.preview").locator("kalamna-widget");
      await widget.getByText('Ask "Fernhill"').first().waitFor();
      await expectAccessible(page);
      await screenshot(page, "widget-preview-desk-en");
      await widget.locator("textarea[name=question]").fill("How long does standard delivery take?");
      await widget.locator("textarea[name=question]").press("Enter");
      await widget.getByText("2 to 4 working days").first().waitFor();
    });
  });
}
