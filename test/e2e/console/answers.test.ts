/** Answers of a language model in the console: how they are stopped, break off and fail, and which models give them. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { describeInBrowser, inspect } from "../support/browser.ts";
import { navigate, PASSWORD, signIn, stack, visit, withConsole } from "../support/console.ts";
import { closeModels, lastRequest, limitOf, modelOfEach, readerOf, speaks, tell } from "../support/models.ts";
import { startLine } from "../support/sites.ts";
import { everywhere, VARIANTS } from "../support/variants.ts";

const QUESTION = "When do ferries leave?";
const ANSWER = "Ferries leave at **nine** in the morning [1].";
const WORDS = Array.from({ length: 80 }, (_, at) => `word${at}`).join(" ");

async function ask(page: Page): Promise<void> {
  await page.fill("textarea", QUESTION);
  await page.click(".composer button[type=submit]");
}

describeInBrowser("answers in the console", () => {
  withConsole(modelOfEach);
  closeModels();

  everywhere("are stopped while they come, keep what came, and are asked for again", async (variant) => {
    const { options, name, say } = variant;
    const email = await readerOf(name);
    // A minute and more: nobody is too slow to stop it.
    await speaks(name, `${WORDS} `.repeat(20), 100);
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await ask(page);
      await page.waitForSelector(".answer >> text=word3");
      await inspect(page, `answer-streaming-${name}`);
      await page.getByRole("button", { name: say("Stop") }).click();
      await page.waitForSelector(`.exchange .badge >> text=${say("Stopped")}`);
      await expect.poll(() => lastRequest(name)).toBe("aborted");
      const came = (await page.textContent(".answer")) ?? "";
      expect(came.length).toBeLessThan(WORDS.length * 10);
      await inspect(page, `answer-stopped-${name}`);
      await page.reload();
      await page.waitForSelector(`.exchange .badge >> text=${say("Stopped")}`);
      expect((await page.textContent(".answer"))?.trim()).toContain("word0 word1");

      await speaks(name, ANSWER);
      await page.getByRole("button", { name: say("Ask again") }).click();
      await page.waitForSelector(".exchange >> nth=1 >> .answer .cite");
      await ask(page);
      await page.waitForSelector(".exchange >> nth=2 >> .exchange-foot");
    });
  });

  everywhere("go on after the connection broke, and say so where no model answers", async (variant) => {
    const { options, name, say, says } = variant;
    const email = await readerOf(name, { finish_answers: true });
    await speaks(name, WORDS, 30);
    const line = await startLine(stack.url);
    try {
      await visit({ ...options, expected: /ERR_|status of 50/ }, async (page) => {
        await page.goto(line.url);
        await signIn(page, email, PASSWORD);
        line.cutAt = "word20";
        await ask(page);
        await page.waitForSelector(".exchange-foot");
        expect(line.cutAt).toBeUndefined();
        expect((await page.textContent(".answer"))?.trim()).toBe(WORDS);

        await tell(name, { do: "status", status: 500 });
        await ask(page);
        const alert = page.locator(".exchange [role=alert]");
        await alert.waitFor({ timeout: 60_000 });
        await expect.poll(() => alert.textContent()).toMatch(says("The language model cannot be reached"));
        await inspect(page, `answer-failed-${name}`);
        await speaks(name, ANSWER);
        await alert.getByRole("button", { name: say("Try again") }).click();
        await page.waitForSelector(".exchange >> nth=1 >> .answer .cite");
        await alert.waitFor({ state: "detached" });
      });
    } finally {
      await line.close();
    }
  });

  everywhere("end with the month's quota, in words that say what to do, as uploads do", async (variant) => {
    const { options, name, say, says } = variant;
    const email = await readerOf(name);
    await speaks(name, ANSWER);
    await limitOf(email, { documents: 1, questions: 0 });
    await visit({ ...options, expected: /status of 4(02|29)/ }, async (page) => {
      await signIn(page, email, PASSWORD);
      await ask(page);
      const alert = page.locator(".exchange [role=alert]");
      await alert.getByText(say("Your organization has used up its month")).waitFor();
      await expect
        .poll(() => alert.textContent())
        .toMatch(
          says("It starts anew with the next month. An administrator sees the limits under Settings, Usage."),
        );
      await inspect(page, `quota-questions-${name}`);
      await page.goto(`${stack.url}/settings/usage`);
      await page.waitForSelector(".meter progress");
      await inspect(page, `quota-usage-${name}`);
      await navigate(page, "/documents");
      await page.setInputFiles("input[name=files]", {
        name: "tides.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Tides\n\nHigh water is at noon."),
      });
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(".uploads .badge.danger");
      await expect
        .poll(() => page.textContent(".uploads"))
        .toMatch(says("Your organization may hold no more"));
      await inspect(page, `quota-documents-${name}`);
      await limitOf(email, { documents: null, questions: null });
      await navigate(page, "/ask");
      await ask(page);
      await page.waitForSelector(".answer .cite");
    });
  });

  everywhere("are given by the models that an admin puts in order", async ({ options, name, say }) => {
    const email = await readerOf(name);
    const [other = ""] = VARIANTS.map((one) => one.name).filter((one) => one !== name);
    await speaks(name, ANSWER);
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/settings/models`);
      const box = page.getByRole("checkbox", { name: other });
      await box.click();
      await page.click(`.toast >> text=${say("Saved")} >> xpath=.. >> button`);
      await page.waitForSelector(`.model:has(input[aria-label="${other}"]:not(:checked))`);
      await box.click();
      await page.getByRole("button", { name: say("Move {model} up", { model: other }) }).click();
      await page.waitForSelector(`.card >> nth=1 >> .model >> nth=0 >> text=${other}`);
      await inspect(page, `models-chain-${name}`);
      await box.click();
      await page.waitForSelector(`.model:has(input[aria-label="${other}"]:not(:checked))`);
      await navigate(page, "/ask");
      await ask(page);
      await page.waitForSelector(`.exchange-foot >> text=${name}`);
    });
  });

  everywhere("move to another embedding model, which can be called off", async ({ options, name, say }) => {
    const email = await readerOf(name);
    const target = `embed-${name}`;
    await tell(target, { do: "status", status: 503 });
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/settings/models`);
      const row = page.locator(".model", { hasText: target });
      const move = async () => {
        await row.getByRole("button", { name: say("Use") }).click();
        await page.waitForSelector("dialog .button.danger");
      };
      await move();
      await inspect(page, `models-confirm-${name}`);
      await page.click("dialog .button.danger");
      const progress = page.getByText(
        say("Moving to {model}: {done} of one passage", { model: target, done: 0, count: 1 }),
      );
      await progress.waitFor();
      await inspect(page, `models-moving-${name}`);
      await page.getByRole("button", { name: say("Call it off") }).click();
      await progress.waitFor({ state: "detached" });
      await row.getByRole("button", { name: say("Use") }).waitFor({ timeout: 60_000 });

      await tell(target, { do: "embed" });
      await move();
      await page.click("dialog .button.danger");
      await row.getByText(say("in use")).waitFor({ timeout: 60_000 });
      await inspect(page, `models-moved-${name}`);
    });
  });
});
