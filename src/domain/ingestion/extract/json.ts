/** JSON and NDJSON to canonical text: a line `path: value` per value, a paragraph per record; notebooks as such. */
import { AppError } from "../../../errors.ts";
import { clean, decode } from "./encoding.ts";
import { readNotebook } from "./notebook.ts";
import type { Extracted } from "./types.ts";

/** One value is parsed whole and takes several times its length; records on lines of their own do not. */
const MAX_WHOLE = 8 * 1024 * 1024;
/** Characters of canonical text: deep paths can make it far longer than the file. */
const MAX_TEXT = 24_000_000;
const MAX_DEPTH = 200;
/** Objects and lists in one parsed value, and values that wait to be written: each costs 100 bytes, even an empty one. */
const MAX_NODES = 300_000;
const MAX_INLINE = 400;
/** Pictures and keys in Base64: long, and no word in them. */
const OPAQUE = /^[\w+/=-]{1000,}$|^data:[\w/+.-]+;base64,/;

type Writer = { lines: string[]; size: number };

/**
 * Reads JSON; a list of objects at the top is a record each, as are the lines of NDJSON.
 * @throws AppError `broken_document` with the line | `document_too_complex`
 */
export function extractJson(bytes: Uint8Array): Extracted {
  const source = clean(decode(bytes).text).trim();
  const writer: Writer = { lines: [], size: 0 };
  const whole = source.length <= MAX_WHOLE ? parse(source) : undefined;
  const notebook = readNotebook(whole?.value);
  if (notebook) return notebook;
  if (whole === undefined) readLines(source, writer);
  else if (Array.isArray(whole.value)) for (const record of whole.value) writeRecord(record, writer);
  else writeRecord(whole.value, writer);
  return { text: writer.lines.join("\n").trim(), title: titleOf(whole?.value), pages: [] };
}

function readLines(source: string, writer: Writer): void {
  let number = 0;
  for (let at = 0; at < source.length; ) {
    const end = source.indexOf("\n", at);
    const line = source.slice(at, end < 0 ? source.length : end).trim();
    at = end < 0 ? source.length : end + 1;
    number++;
    if (line === "") continue;
    const record = line.length <= MAX_WHOLE ? parse(line) : undefined;
    if (record) writeRecord(record.value, writer);
    else if (source.length > MAX_WHOLE && number === 1) {
      throw new AppError("document_too_complex", {
        detail: "One JSON value may have 8 MB; write a record per line (NDJSON), or split the file.",
      });
    } else {
      throw new AppError("broken_document", {
        detail: `This is neither JSON nor a record per line (see line ${number}); correct it, or upload it as .txt.`,
      });
    }
  }
}

/** Wrapped, since `undefined` means "not JSON" and `null` is. */
function parse(source: string): { value: unknown } | undefined {
  let nodes = 0;
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if ((code === 123 || code === 91) && ++nodes > MAX_NODES) throw tooMany();
  }
  try {
    return { value: JSON.parse(source) as unknown };
  } catch {
    return undefined;
  }
}

/** Without recursion: how deep a file is nested is the file's choice. */
function writeRecord(record: unknown, writer: Writer): void {
  const stack: { path: string; value: unknown; depth: number }[] = [{ path: "", value: record, depth: 0 }];
  while (stack.length > 0) {
    const { path, value, depth } = stack.pop() as (typeof stack)[number];
    if (depth > MAX_DEPTH) {
      throw new AppError("document_too_complex", {
        detail: `This JSON is nested more than ${MAX_DEPTH} deep; flatten it.`,
      });
    }
    if (Array.isArray(value) && value.some((each) => typeof each === "object" && each !== null)) {
      for (let i = value.length - 1; i >= 0; i--) {
        stack.push({ path: `${path}[${i + 1}]`, value: value[i], depth: depth + 1 });
        if (stack.length > MAX_NODES) throw tooMany();
      }
    } else if (Array.isArray(value)) {
      put(path, value.map(shown).filter(Boolean).join(", "), writer);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value).reverse()) {
        stack.push({ path: path === "" ? key : `${path}.${key}`, value: inner, depth: depth + 1 });
      }
    } else put(path, shown(value), writer);
  }
  writer.lines.push("");
}

function shown(value: unknown): string {
  if (value === null) return "";
  const text = String(value).trim();
  return OPAQUE.test(text) ? "" : text;
}

/** A long text keeps its lines and stands below its name. */
function put(path: string, text: string, writer: Writer): void {
  if (text === "") return;
  const name = path.replace(/\s+/g, " ").slice(0, 300);
  const line =
    text.length <= MAX_INLINE
      ? `${name === "" ? "" : `${name}: `}${text.replace(/\s+/g, " ")}`
      : `${name}:\n\n${text}\n`;
  writer.size += line.length + 1;
  if (writer.size > MAX_TEXT) {
    throw new AppError("document_too_complex", {
      detail: "This JSON is too large to read in one piece; split it into several files.",
    });
  }
  writer.lines.push(line);
}

function titleOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { title } = value as { title?: unknown };
  return typeof title === "string" && title.length < 300 ? title.replace(/\s+/g, " ").trim() || null : null;
}

function tooMany(): AppError {
  return new AppError("document_too_complex", {
    detail: "This JSON has too many values in one; write a record per line (NDJSON), or split the file.",
  });
}
