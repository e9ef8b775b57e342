/** Pieces of both writing directions in one line, each in its own. */

/** A value in a sentence of the other direction keeps its own (Unicode's isolates). */
export const isolated = (value: string): string => `\u2068${value}\u2069`;

/** What there is of several facts, in one line; none of them tears a neighbour of the other direction apart. */
export const dotted = (facts: (string | false | null | undefined)[]): string =>
  facts
    .filter((one) => typeof one === "string" && one !== "")
    .map((one) => isolated(String(one)))
    .join(" · ");
