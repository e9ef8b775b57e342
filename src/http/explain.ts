/** What is wrong with a field, in the words of somebody who has to put it right. */
import type * as z from "zod";

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  date: "a date",
};

const FORMATS: Record<string, string> = {
  email: "must be an e-mail address",
  uuid: "must be an id (a UUID)",
  datetime: "must be a moment such as 2026-11-21T09:00:00Z",
  url: "must be an address such as https://www.example.com",
};

/**
 * One clause that follows the field's path, or undefined where Zod's own words will do.
 * Schemas that bring a message of their own keep it.
 */
export const explain: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return `must be ${alternatives(issue.values.map((value) => JSON.stringify(value)))}`;
    case "too_small":
      if (issue.minimum === 1 && issue.origin !== "number") return "must not be empty";
      return `must ${bound("at least", issue.minimum, issue.origin)}`;
    case "too_big":
      return `must ${bound("at most", issue.maximum, issue.origin)}`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "unrecognized_keys":
      return `does not have ${alternatives(issue.keys.map((key) => JSON.stringify(key)))}`;
    default:
      return undefined;
  }
};

function bound(which: "at least" | "at most", limit: number | bigint, origin: string): string {
  if (origin === "string") return `have ${which} ${limit} characters`;
  if (origin === "array" || origin === "set") return `have ${which} ${limit} entries`;
  return `be ${which} ${limit}`;
}

function alternatives(words: readonly (string | undefined)[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
