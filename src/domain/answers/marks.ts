/** The grammar of citation marks: `[1]`, `[1: "words"]`, `[5, 7]`, `[2-4]`, `【1†source】`, in any script's digits and brackets. */

/** One cited number and the words the model claims to have copied. */
export type MarkItem = { index: number; quote: string | null };

export type Mark =
  | { kind: "mark"; length: number; items: MarkItem[] }
  /** More text may complete it. */
  | { kind: "partial" }
  | { kind: "none" };

/** Longer than any passage: what has not closed by then is not a mark. */
const LONGEST = 2_000;
const MOST_ITEMS = 20;

const NAMES = ["source", "sources", "doc", "document", "passage", "المصدر", "مصدر"];
const NAME = `(?:(?:${NAMES.join("|")})\\s*)?[#^]?\\s*`;
const NUMBER = "[\\p{Nd}\\p{No}]{1,3}";
/** Does not show, or not as more than emphasis. */
const PADDING = "[\\s\\p{Cf}*_]*";
const OPEN = "[[【［〔]";
const SHUT = "\\]】］〕";
const COLON = "\\s*[:：]\\s*";
const OPEN_QUOTE = `["“”„«'‘「『]`;
const CLOSE_QUOTE = `["”“»'’」』]`;
const SEPARATOR = "\\s*[,;،؛、&]\\s*";
// A bare quote must not start with a digit: [12:30] is a time.
const QUOTE = `(?:${OPEN_QUOTE}(.*?)${CLOSE_QUOTE}(?=\\s*[${SHUT}]|${SEPARATOR}${NAME}${NUMBER}\\s*[:：${SHUT},;،؛])|([^\\p{Nd}${SHUT}"“”„«「『][^${SHUT}]*))`;
const ITEM = new RegExp(
  `${NAME}(${NUMBER})(?:\\s*[-–]\\s*(${NUMBER})|${COLON}${QUOTE}|†[^${SHUT}]{0,100})?`,
  "isuy",
);
const BETWEEN = new RegExp(SEPARATOR, "uy");
const CLOSE = new RegExp(`${PADDING}\\\\?[${SHUT}]`, "uy");
const LEADING = new RegExp(`${OPEN}${PADDING}`, "uy");
/** What a mark looks like before its first colon. */
const BEGINNING = new RegExp(
  `^${OPEN}${PADDING}(?:${NAME}(?:${NUMBER}[\\p{Nd}\\p{Cf}\\s,;،؛、&#^*_\\\\–-]*)?)?$`,
  "iu",
);
const UNFINISHED = new RegExp(BEGINNING.source.slice(1), "iu");
const INSIDE_QUOTE = new RegExp(
  `^${OPEN}${PADDING}(?:${NAME}${NUMBER}\\s*[,;،؛、&–-]\\s*)*${NAME}${NUMBER}(?:\\s*[:：]\\s*(?:$|\\P{Nd})|†)`,
  "iu",
);

/** Could a mark begin with this character? */
export function opensMark(character: string): boolean {
  return /^[[【［〔]$/.test(character);
}

/** Would the right words behind this text make a mark of its end? */
export const endsInMark = (text: string): boolean => UNFINISHED.test(text.slice(-100));

/**
 * Reads the mark that begins at `at`.
 * @param ended no more text will come: a mark cut short counts with what it has
 */
export function readMark(text: string, at: number, ended: boolean): Mark {
  const whole = readWhole(text, at);
  if (whole) return whole;
  const rest = text.slice(at, at + LONGEST);
  const open =
    at + LONGEST >= text.length && (isNameBeginning(rest) || BEGINNING.test(rest) || INSIDE_QUOTE.test(rest));
  if (!open) return { kind: "none" };
  if (!ended) return { kind: "partial" };
  const cut = readWhole(`${rest}"]`, 0) ?? readWhole(`${rest}]`, 0);
  return cut ? { ...cut, length: text.length - at } : { kind: "none" };
}

function readWhole(text: string, at: number): Extract<Mark, { kind: "mark" }> | null {
  const limited = text.length > at + LONGEST ? text.slice(0, at + LONGEST) : text;
  const items: MarkItem[] = [];
  let next = after(LEADING, limited, at);
  while (next >= 0 && items.length <= MOST_ITEMS) {
    ITEM.lastIndex = next;
    const match = ITEM.exec(limited);
    if (!match) return null;
    const [whole, first = "", last, quoted, bare] = match;
    const index = numberOf(first);
    if (last === undefined) items.push({ index, quote: quoted ?? bare ?? null });
    else
      for (let n = index; n <= Math.min(numberOf(last), index + MOST_ITEMS); n++)
        items.push({ index: n, quote: null });
    next += whole.length;
    const closed = after(CLOSE, limited, next);
    if (closed >= 0) return items.length > 0 ? { kind: "mark", length: closed - at, items } : null;
    next = after(BETWEEN, limited, next);
  }
  return null;
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function isNameBeginning(rest: string): boolean {
  const word = rest.slice(1).trimStart().toLowerCase();
  return NAMES.some((name) => name.startsWith(word));
}

function numberOf(digits: string): number {
  let value = 0;
  for (const digit of digits.normalize("NFKC")) value = value * 10 + digitOf(digit);
  return value;
}

/** Unicode keeps the ten digits of a script in a row, so the zero is at most nine places back. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}
