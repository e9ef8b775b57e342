/** Golden questions and runs over them, as an admin keeps them on the Evaluations page. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, stack, visit } from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

let finished: Promise<string> | undefined;

/** Address of a run of the demo's that is done, with two configurations and a gate. */
export function finishedRun(): Promise<string> {
  finished ??= runToItsEnd();
  return finished;
}

async function runToItsEnd(): Promise<string> {
  const { data } = await stack.api("GET", "/api/v1/documents?limit=100");
  const manual = data.find(({ name }: { name: string }) => /skarn/i.test(name));
  const cases = [
    { question: "Can I use the Skarn 2 in snow?", document_ids: [manual.id], facts: ["three-season tents"] },
    { question: "Who won the chess world championship in 1972?", answerable: false, tags: ["elsewhere"] },
    { question: "How long does standard delivery take?", facts: ["2 to 4 working days", "by camel"] },
  ];
  for (const one of cases) await stack.api("POST", "/api/v1/evals/cases", one);
  const configurations = [{ name: "eight passages" }, { name: "one passage", top_k: 1 }];
  const gate = { hit_at_5: 0.9, facts_found: 0.9 };
  const body = { name: "Before the new model", configurations, gate };
  const { run } = await stack.api("POST", "/api/v1/evals/run", body);
  const path = `/evaluations/runs/${run.id}`;
  await expect
    .poll(async () => (await stack.api("GET", `/api/v1/evals/runs/${run.id}`)).run.status, {
      timeout: 60_000,
    })
    .toBe("done");
  return path;
}

async function uploadFerries(page: Page): Promise<void> {
  await navigate(page, "/documents");
  await page.setInputFiles("input[name=files]", {
    name: "ferries.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Ferries\n\nFerries leave at nine in the morning from the old harbour."),
  });
  await page.click("dialog button[type=submit]");
  await page.waitForSelector(".uploads .badge.ok");
}

export function evaluations(): void {
  everywhere(
    "writes golden questions down, asks them in two configurations, and says what was missed and whether the gate was passed",
    async ({ options, name, say, says }) => {
      const email = await newAdmin();
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await uploadFerries(page);
        await navigate(page, "/evaluations");
        await page.click(".empty a");
        await page.fill("dialog input[name=question]", "When do ferries leave?");
        await page.fill("dialog textarea[name=facts]", "at nine\nevery Sunday");
        await page.fill("dialog input[type=search]", "ferr");
        await page.check("dialog fieldset label:has-text('Ferries') input");
        await page.waitForSelector("dialog fieldset input:checked");
        await page.fill("dialog input[name=tags]", "harbour, times");
        await inspect(page, `evaluations-case-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(`tr >> text=${says("{count} facts", { count: 2 })}`);
        await page.click(".page-head a[href='/evaluations?open=new']");
        await page.fill("dialog input[name=question]", "Who was the first on the moon?");
        await page.uncheck("dialog form > .check input");
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(`tr >> text=${say("no answer")}`);

        await page.click("tr:has-text('moon') .menu button");
        await page.click("[role=menuitem].danger");
        await page.waitForSelector("tr:has-text('moon')", { state: "detached" });
        await page.click(`.toast >> text=${say("“{name}” is deleted")} >> xpath=.. >> button`);
        await page.waitForSelector("tr:has-text('moon')");
        await page.setInputFiles("input[name=cases]", {
          name: "golden.jsonl",
          mimeType: "application/x-ndjson",
          buffer: Buffer.from(
            '{"question":"Who was the world champion in chess in 1972?","answerable":false}\n',
          ),
        });
        await page.waitForSelector(
          `.toast >> text=${say("{created} new, {changed} changed", { created: 1, changed: 0 })}`,
        );
        await page.selectOption(".filters select", "harbour");
        await page.waitForURL(/tag=harbour/);
        await page.waitForSelector("tbody tr:only-child");
        await page.click("td.main a.title");
        await expect.poll(() => page.inputValue("dialog textarea[name=facts]")).toBe("at nine\nevery Sunday");
        await page.goBack();
        await page.waitForSelector("dialog", { state: "detached" });

        await page.click(".page-head a.primary");
        await page.fill("dialog input[name=run]", "First try");
        await page.getByLabel(say("Compare with a second configuration")).check();
        await page.fill("dialog .configuration >> nth=1 >> input[type=number] >> nth=0", "1");
        await page.click(`dialog button >> text=${say("Add a limit")}`);
        await page.click(`dialog button >> text=${say("Add a limit")}`);
        await page.selectOption("dialog .limit >> nth=1 >> select", "facts_found");
        await inspect(page, `evaluations-start-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".gate", { timeout: 60_000 });
        await expect.poll(() => page.textContent(".gate")).toMatch(says("Gate not passed"));
        await expect.poll(() => page.textContent(".gate")).toMatch(/100.*90/);
        await expect
          .poll(() => page.locator(".measures tr", { hasText: says("Facts said") }).textContent())
          .toMatch(/50.*50/);
        await page.selectOption("section select", "missed");
        await page.click(".result:only-child summary");
        await page.waitForSelector(".result .found a >> text=Ferries");
        await expect
          .poll(() => page.textContent(".result"))
          .toMatch(says("Facts: {said} of {all}", { said: 1, all: 2 }));
        await expect.poll(() => page.locator(".result-detail").count()).toBe(2);
        await inspect(page, `evaluations-run-open-${name}`);
        await page.click(".page-head .menu button");
        const file = page.waitForEvent("download");
        await page.click("[role=menuitem] >> text=/CSV/");
        expect((await file).suggestedFilename()).toBe("evals.csv");

        const first = page.url();
        await page.click(`.page-head button >> text=${say("Run again")}`);
        await page.waitForURL((url) => url.href !== first);
        await page.waitForSelector(".gate", { timeout: 60_000 });
        await page.click(".page-head .menu button");
        await page.click("[role=menuitem].danger");
        await page.waitForURL(/\/evaluations\/runs$/);
        await page.click(`.toast >> text=${say("The run is deleted")} >> xpath=.. >> button`);
        await page.waitForSelector(".gate");
        await page.goBack();
        await page.waitForSelector(`tbody tr >> nth=1 >> text=${say("Gate not passed")}`);
      });
    },
  );

  everywhere("makes a golden question of an answer that somebody voted down", async ({ options, say }) => {
    const email = await newAdmin();
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.fill("textarea", "Where do we park?");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".exchange-foot");
      await page.getByRole("button", { name: say("Bad answer") }).click();
      await page.fill("dialog textarea >> nth=1", "Behind the house. The gate opens at six.");
      await page.click("dialog button[type=submit]");
      await navigate(page, "/evaluations");
      await page.click(".tabs a[href='/evaluations/feedback']");
      await page.click("td.end a");
      await expect
        .poll(() => page.inputValue("dialog textarea[name=facts]"))
        .toBe("Behind the house.\nThe gate opens at six.");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector(`.empty >> text=${say("Nothing from feedback")}`);
      await page.click(".tabs a[href='/evaluations']");
      await page.waitForSelector(`tr:has-text('Where do we park?') >> text=feedback`);
    });
  });
}
