import { expect, test } from "vitest";
import { describeInBrowser, expectAccessible, openBrowser, openPage } from "./support/browser.ts";

describeInBrowser("a page under test", () => {
  test("is failed by what it logs, by where it asks and by what is serious to axe", async () => {
    const browser = await openBrowser();
    try {
      const { page, complaints } = await openPage(browser);
      await page.setContent(
        `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1></main></html>`,
      );
      await expectAccessible(page);
      expect(complaints).toEqual([]);

      await page.setContent(`<!doctype html><title>Another</title><img src="http://198.51.100.1/pixel.gif">
        <script>console.error("it broke"); nothing()</script>`);
      await expect(expectAccessible(page)).rejects.toThrow();
      expect(complaints.join("\n")).toMatch(/it broke.*nothing is not defined/s);
      expect(complaints.join("\n")).toContain("request to http://198.51.100.1/pixel.gif");
    } finally {
      await browser.close();
    }
  });
});
