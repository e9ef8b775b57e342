/** What a kept answer is found by: the question, and everything else that decides what the answer would be. */
import { questionForms } from "../../text/same-question.ts";
import { sha256 } from "../sha256.ts";

/** Raised when answers from before a release must not be given any more: another prompt, another shape of sources. */
const FORMAT = 1;

/** Say nothing about the answer, or have no part in it where there is a key. */
const APART: readonly string[] = ["query", "history", "cache", "stream_format"];

/** SHA-256, lower-case hex: of every word, and of the words without courtesy, articles and plurals. */
export type CacheKey = { exact: string; near: string };

export type Cacheable = { query: string; history: readonly unknown[]; cache?: boolean | undefined };

/** Who would be asked, and for how much. */
export type CacheChoice = { offered: readonly string[]; only?: string | undefined; limit: number };

/**
 * Null where the answer depends on more than the question: after other turns, and where the caller wants it fresh.
 */
export async function cacheKey(input: Cacheable, choice: CacheChoice): Promise<CacheKey | null> {
  const { exact, sequence } = questionForms(input.query);
  if (input.cache === false || input.history.length > 0 || exact === "") return null;
  const options = Object.entries(input).filter(
    ([name, value]) => !APART.includes(name) && value !== undefined,
  );
  const asked = canonical([FORMAT, choice, Object.fromEntries(options)]);
  return { exact: await sha256(`${asked}\n${exact}`), near: await sha256(`${asked}\n${sequence}`) };
}

/** JSON with the keys of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
