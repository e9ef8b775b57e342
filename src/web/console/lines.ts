/** Lists that are typed one to a line. */

/** Without empty lines and spaces around. */
export const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
