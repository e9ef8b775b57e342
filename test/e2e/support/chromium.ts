/** The browser of the browser tests: Debian's Chromium, or the one that CHROMIUM names. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** What to tell whoever has none. */
export const WITHOUT_CHROMIUM =
  "Browser tests were skipped: there is no Chromium. Install one (apt-get install chromium) or name one: CHROMIUM=/path npm test";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of the browser, or undefined when this machine has none. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}
