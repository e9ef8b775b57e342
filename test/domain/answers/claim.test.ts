import { expect, test } from "vitest";
import { supportedShare } from "../../../src/domain/answers/claim.ts";

/** Citations for each `[n]` in the text, behind the words between slashes: `/five days/ [1]`. */
function share(written: string): number | null {
  let text = "";
  const citations: { claim_start: number; claim_end: number }[] = [];
  for (const [at, part] of written.split("/").entries()) {
    if (at % 2 === 1) citations.push({ claim_start: text.length, claim_end: text.length + part.length });
    text += part;
  }
  return supportedShare([{ answer: text, citations }]);
}

test.each<[string, string, number | null]>([
  ["every sentence is cited", "/It takes five days./ [1] /Cards never expire here./ [2]", 1],
  ["half of them are", "/It takes five days/ [1]. Tents are always waterproof.", 0.5],
  ["none is", "It takes five days. Tents are always waterproof.", 0],
  ["two of three list items are", "- /one two three/ [1]\n- /four five six/ [2]\n- seven eight nine", 0.667],
  ["clauses count as their sentence", "/It takes five days/ [1], and /cards expire late/ [2].", 1],
  [
    "announcements, headings and single words state nothing",
    "## What to do now\n\nThe steps are these:\n\n- /take the tent/ [1]\n\nYes.",
    1,
  ],
  ["code states nothing", "/Run this command now./ [1]\n\n```\nnpm start and then wait\n```", 1],
  ["an unfinished block of code neither", "/Run this command now./ [1]\n\n```\nnpm start and then wait", 1],
  ["languages without spaces", "/返品は六十日以内です。/[1]テントは防水です。", 0.5],
  ["an answer that says nothing", "OK.", null],
  ["an empty answer", "", null],
])("%s", (_, written, expected) => expect(share(written)).toBe(expected));
