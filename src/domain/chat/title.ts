/** What a conversation is called until somebody gives it a name. */

const LONGEST = 80;
/** A cut between words may cost at most this share. */
const SHORTEST = LONGEST / 2;

/** The first line of the first question, cut between words where there are any. */
export function titleOf(question: string): string {
  const line = question.trim().split(/[\r\n]/, 1)[0] ?? "";
  const characters = [...line.replace(/[\s\p{Cc}]+/gu, " ").trim()];
  if (characters.length === 0) return "…";
  if (characters.length <= LONGEST) return characters.join("");
  const cut = characters.slice(0, LONGEST - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space >= SHORTEST ? cut.slice(0, space) : cut).join("").trimEnd()}…`;
}
