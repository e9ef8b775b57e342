/** Figures, as an admin reads them on the Insights page. */
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, stack, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

export function insights(): void {
  everywhere("shows a new organization how to get figures", async ({ options }) => {
    const email = await newAdmin();
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await navigate(page, "/insights");
      await page.waitForSelector(".empty a[href='/ask']");
      await page.click(".tabs a[href='/insights/questions']");
      await page.waitForSelector(".empty >> nth=1");
    });
  });

  everywhere(
    "draws what was asked, gives it as a table and as a file, and leads from an open question to teaching",
    async ({ options, name, say }) => {
      for (const query of ["How long does standard delivery take?", "Who won the world cup in 1998?"]) {
        await stack.api("POST", "/api/v1/query/sync", { query });
      }
      await visit(options, async (page) => {
        await signIn(page);
        await page.goto(`${stack.url}/insights?period=week`);
        await page.waitForSelector(".chart rect.accent");
        await expect.poll(() => page.locator(".chart >> nth=0 >> .hover").count()).toBe(7);
        await page.click(".chart summary >> nth=0");
        await expect.poll(() => page.locator(".figures >> nth=0 >> tbody tr").count()).toBe(1);
        await inspect(page, `insights-table-${name}`);
        const file = page.waitForEvent("download");
        await page
          .getByRole("button", { name: say("{name} as CSV") })
          .first()
          .click();
        expect((await file).suggestedFilename()).toBe("usage.csv");
        await page.click(".tabs a >> nth=1");
        await page.waitForURL(/\/insights\/questions\?period=week$/);
        await page.click(`tr:has-text('Who won the world cup in 1998?') >> a >> text=${say("Teach")}`);
        await expect
          .poll(() => page.inputValue("dialog input[name=question]"))
          .toBe("Who won the world cup in 1998?");
        await page.goBack();
        await page.selectOption(".filters select", "custom");
        await page.fill(".filters input >> nth=0", "2026-01-01");
        await page.fill(".filters input >> nth=1", "2026-01-02");
        await page.waitForURL(/from=2026-01-01&to=2026-01-02$/);
        await page.waitForSelector(".empty >> nth=1");
      });
    },
  );
}
