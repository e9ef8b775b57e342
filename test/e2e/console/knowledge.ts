/** Teaching, as an admin does it on the Knowledge page. */
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

export function knowledge(): void {
  everywhere(
    "teaches an answer to an open question, changes it, goes back a version, and removes it, which can be undone",
    async ({ options, name, say }) => {
      const email = await newAdmin();
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await page.fill("textarea", "Where do we park?");
        await page.keyboard.press("Enter");
        await page.waitForSelector(".exchange-foot");
        await navigate(page, "/knowledge");
        await page.waitForSelector(".empty");
        await page.click(".tabs a[href='/knowledge/gaps']");
        await page.click(`td.end a >> text=${say("Teach")}`);
        await expect.poll(() => page.inputValue("dialog input[name=question]")).toBe("Where do we park?");
        await page.fill("dialog textarea[name=answer]", "Behind the house.");
        await page.fill("dialog textarea[name=variants]", "Is there a car park?");
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(`.empty >> text=${say("No open questions")}`);

        await page.fill(".try-line input[type=search]", "is there a CAR PARK");
        await page.click(".try-line button");
        await expect.poll(() => page.textContent(".callout.ok")).toContain("Behind the house.");
        await page.click(".callout.ok a");
        await page.fill("dialog textarea[name=answer]", "In the garage.");
        await inspect(page, `knowledge-teach-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".callout.ok >> text=In the garage.");

        await page.click(".tabs a[href='/knowledge']");
        await page.click("td.main a.title");
        await page.waitForURL(/open=/);
        await page.click("dialog td.end button");
        await expect.poll(() => page.inputValue("dialog textarea[name=answer]")).toBe("Behind the house.");
        await inspect(page, `knowledge-versions-${name}`);
        await page.goBack();
        await page.waitForSelector("dialog", { state: "detached" });

        await page.click("td.end .menu button");
        await page.click(`[role=menuitem] >> text=${say("Switch off")}`);
        await page.waitForSelector(`td .badge >> text=${say("Switched off")}`);
        await page.selectOption(".filters select", "active");
        await page.waitForSelector(".empty");
        await page.selectOption(".filters select", "");
        await page.click("td.end .menu button");
        await page.click("[role=menuitem].danger");
        await page.waitForSelector(".empty");
        await page.click(`.toast >> text=${say("“{name}” is removed")} >> xpath=.. >> button`);
        await page.waitForSelector("td.main");
      });
    },
  );
}
