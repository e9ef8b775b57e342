/** Runs Lighthouse on the pages it is told, in one tab, and prints scores and what fell short as JSON. */
import lighthouse from "lighthouse";
import { computeMedianRun } from "lighthouse/core/lib/median-run.js";
import puppeteer from "puppeteer-core";

// Plain JavaScript: its packages are installed here, where the compiler does not look.
const { chromium, pages, signIn } = JSON.parse(process.argv[2]);
/** One run cannot tell a slow page from a busy moment; the median of five is Lighthouse's own advice. */
const RUNS = 5;
const CATEGORIES = ["performance", "accessibility", "best-practices"];

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
});
const tab = await browser.newPage();
const results = [];
for (const { name, url, signedIn } of pages) {
  if (signedIn) await enter();
  const flags = { onlyCategories: CATEGORIES, disableStorageReset: signedIn, logLevel: "error" };
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push((await lighthouse(url, flags, undefined, tab)).lhr);
  const lhr = runs.find(({ runtimeError }) => runtimeError) ?? computeMedianRun(runs);
  const short = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9);
  results.push({
    name,
    scores: CATEGORIES.map((id) => Math.round((lhr.categories[id]?.score ?? 0) * 100)),
    files: (lhr.audits["network-requests"]?.details?.items ?? []).map((item) => item.url),
    short: short.map(({ id, displayValue }) => (displayValue ? `${id} (${displayValue})` : id)),
    error: lhr.runtimeError?.message,
  });
}
await browser.close();
console.log(JSON.stringify(results));

async function enter() {
  await tab.goto(signIn.url);
  await tab.waitForSelector("input[name=email]");
  await tab.type("input[name=email]", signIn.email);
  await tab.type("input[name=password]", signIn.password);
  await tab.click("button[type=submit]");
  await tab.waitForSelector("#content");
}
