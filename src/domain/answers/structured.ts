/** An answer as JSON: the whole reply is read, its citations are verified, and what is left must fit. */
import { citer } from "./cite.ts";
import { type CitedText, supportedShare } from "./claim.ts";
import type { Citation, Source } from "./events.ts";
import type { JsonFormat } from "./format.ts";
import type { Links } from "./links.ts";
import { fits } from "./schema.ts";

/** Levels of the reply. */
const DEEPEST = 64;

export type Structured = {
  value: unknown;
  /** The value as JSON; what the positions of the citations refer to. */
  text: string;
  citations: Citation[];
  /** Share of the statements in all strings; see {@link supportedShare}. */
  supported: number | null;
  dropped: number;
  removed: number;
};

/**
 * Strings go through the same hands as text does: a mark stays when its evidence is found, addresses the sources do not
 * hold go. Numbers, names of members and the like are left alone. What comes out of that is checked against the format.
 * @returns or what is wrong with the reply, for the model to put right
 */
export function readStructured(
  reply: string,
  format: JsonFormat,
  sources: readonly Source[],
  links: Links,
): Structured | { faults: string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(reply.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ""));
  } catch {
    return { faults: ["The reply is not JSON."] };
  }
  const citations: Citation[] = [];
  const texts: CitedText[] = [];
  let dropped = 0;
  let removed = 0;
  let text = "";

  const string = (value: string, path: string): string => {
    const cited = citer(sources, links);
    cited.push(value);
    cited.end();
    // White space around an answer is nobody's; around a value it is the value's.
    const [lead = ""] = /^\s*/.exec(value) ?? [];
    const [trail = ""] = lead === value ? [] : (/\s*$/.exec(value) ?? []);
    const clean = lead + cited.answer() + trail;
    const start = text.length + 1;
    const place = (at: number) => start + JSON.stringify(clean.slice(0, lead.length + at)).length - 2;
    texts.push({ answer: cited.answer(), citations: cited.citations() });
    for (const one of cited.citations())
      citations.push({
        ...one,
        path,
        answer_start: place(one.answer_start),
        answer_end: place(one.answer_end),
        claim_start: place(one.claim_start),
        claim_end: place(one.claim_end),
      });
    dropped += cited.dropped();
    removed += cited.removed();
    text += JSON.stringify(clean);
    return clean;
  };

  const walk = (value: unknown, path: string, depth: number): unknown => {
    if (depth > DEEPEST) throw new RangeError();
    if (typeof value === "string") return string(value, path);
    if (typeof value !== "object" || value === null) {
      text += JSON.stringify(value);
      return value;
    }
    const isList = Array.isArray(value);
    text += isList ? "[" : "{";
    const entries = Object.entries(value).map(([key, one], at): [string, unknown] => {
      if (at > 0) text += ",";
      if (!isList) text += `${JSON.stringify(key)}:`;
      return [key, walk(one, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1)];
    });
    text += isList ? "]" : "}";
    return isList ? entries.map(([, one]) => one) : Object.fromEntries(entries);
  };

  try {
    const value = walk(parsed, "", 0);
    const faults = misfits(value, format);
    return faults.length > 0
      ? { faults }
      : { value, text, citations, supported: supportedShare(texts), dropped, removed };
  } catch {
    return { faults: ["The reply is nested too deeply."] };
  }
}

function misfits(value: unknown, format: JsonFormat): string[] {
  if (format.type === "json_schema") return fits(value, format.json_schema.schema);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? [] : ["The reply is not a JSON object."];
}
