/** Takes secrets and people out of log lines before anybody, or any model, reads them. */
import { RE2JS } from "re2js";
import * as z from "zod";
import type { LogLine } from "./lines.ts";

/** What is looked for without being told. */
export const BUILT_IN = ["email", "bearer", "api_key", "card"] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

const MOST_RULES = 20;
const LONGEST_PATTERN = 200;

/** RE2 never backtracks: whatever the pattern, a line takes time in proportion to its length. */
const Pattern = z
  .string()
  .min(1)
  .max(LONGEST_PATTERN)
  .superRefine((pattern, ctx) => {
    const rule = compiled(pattern);
    if (!rule) {
      ctx.addIssue({ code: "custom", message: "is no regular expression that RE2 understands" });
    } else if (rule.matcher("").matches()) {
      ctx.addIssue({ code: "custom", message: "must not match nothing" });
    }
  });

export const Redaction = z.strictObject({
  built_in: z
    .array(z.enum(BUILT_IN))
    .max(BUILT_IN.length)
    .default([...BUILT_IN]),
  /** Each match becomes `[name]`. */
  rules: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w .-]{1,40}$/, "may have letters, digits, spaces, . and -"),
        pattern: Pattern,
      }),
    )
    .max(MOST_RULES)
    .default([]),
});
export type Redaction = z.infer<typeof Redaction>;

function compiled(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

type Replace = (text: string) => string;

/** Every repetition is bounded or of one class of characters: none of them backtracks far. */
const KNOWN: Record<BuiltIn, Replace> = {
  email: (text) => text.replace(/[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,6}/gi, "[e-mail]"),
  bearer: (text) =>
    text
      .replace(/\b(bearer|basic)\s{1,4}[\w.~+/=-]{8,}/gi, "$1 [token]")
      .replace(/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, "[token]")
      .replace(/(:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/g, "$1[key]@"),
  api_key: (text) =>
    text
      .replace(/\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,}/g, "[key]")
      .replace(
        /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|kal_[a-z]{1,8}_|AKIA|ASIA|AIza|npg_)[\w-]{6,}/g,
        "[key]",
      )
      .replace(
        /((?:api|access|secret|private|client)[_-]?(?:key|token|secret)|password|passwd|pwd|secret|token)(["']?\s{0,4}[:=]\s{0,4}["']?)[^\s"'&,;}]{4,}/gi,
        "$1$2[key]",
      ),
  card: (text) => text.replace(/\b\d(?:[ -]?\d){12,18}\b/g, (digits) => (isCard(digits) ? "[card]" : digits)),
};

/** Names under which loggers write what nobody should read, whatever it looks like. */
const SECRET_NAME =
  /pass(?:word|wd)?$|pwd$|secret|token$|authorization|cookie|api[_-]?key|private[_-]?key|credential/i;

/** Objects whose members are measurements, whatever they are of: `step_ms.password` is how long it took to check one. */
const MEASURED = /(?:^|[._-])(?:ms|millis|seconds|durations?|timings?|elapsed|counts?|counters?|bytes)\./i;

/** Luhn's checksum: other long numbers are ids and times. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

/** Built once for many lines. */
export function redactor({ built_in, rules }: Redaction): (line: LogLine) => LogLine {
  const own = rules.flatMap(({ name, pattern }): Replace[] => {
    const rule = compiled(pattern);
    return rule ? [(text) => rule.matcher(text).replaceAll(`[${name}]`)] : [];
  });
  const steps = [...built_in.map((name) => KNOWN[name]), ...own];
  const clean = (text: string) => steps.reduce((kept, step) => step(kept), text);
  const hidesNames = built_in.includes("api_key");
  return (line) => ({
    ...line,
    message: clean(line.message),
    attributes: Object.fromEntries(
      Object.entries(line.attributes).map(([name, value]) => {
        const isMeasurement = typeof value === "number" && MEASURED.test(name);
        if (hidesNames && value !== null && SECRET_NAME.test(name) && !isMeasurement) return [name, "[key]"];
        // A card's number is a number, too.
        const text = typeof value === "string" || typeof value === "number" ? String(value) : null;
        const kept = text === null ? value : clean(text);
        return [name, kept === text ? value : kept];
      }),
    ),
  });
}
