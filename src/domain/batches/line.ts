/** A line of NDJSON: labels, and the document as text, as base64 or as an address. */
import * as z from "zod";
import { AppError, toAppError } from "../../errors.ts";
import { Labels, Name } from "../documents/labels.ts";
import { sha256 } from "../sha256.ts";
import { pageAddress } from "../sources/address.ts";
import type { Entry, Given } from "./entry.ts";
import { type RawLine, splitLines } from "./split-lines.ts";

/** A document in a line, in bytes. Larger ones come as files. */
const MAX_CONTENT = 10 * 1024 * 1024;
/** A line: that much as base64, and its labels. Bytes. */
export const MAX_LINE = 14 * 1024 * 1024;
/** Far beyond what labels need, and far from where parsing costs more memory than the text. */
const MAX_DEPTH = 32;
const MAX_VALUES = 5_000;

export const BulkDefaults = Labels.pick({ access_level: true, groups: true });
/** What holds for lines that say nothing else. */
export type BulkDefaults = z.output<typeof BulkDefaults>;

const BulkLine = Labels.omit({ lane: true })
  .extend({
    name: Name.optional(),
    content: z.string().optional(),
    content_base64: z.string().optional(),
    url: z.string().optional(),
  })
  .refine(
    ({ content, content_base64, url }) =>
      [content, content_base64, url].filter((value) => value !== undefined).length === 1,
    "say one of content, content_base64 and url",
  )
  .refine(({ name, url }) => name !== undefined || url !== undefined, {
    path: ["name"],
    message: "is missing",
  });

/** Every line that is not empty, as something to take in or with the reason why not. */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  defaults: BulkDefaults,
): AsyncGenerator<Entry> {
  for await (const raw of splitLines(body, MAX_LINE)) yield await entryOf(raw, defaults);
}

async function entryOf({ line, bytes }: RawLine, defaults: BulkDefaults): Promise<Entry> {
  const refused = { line, name: null, externalId: null, weight: 0, keys: [] };
  if (bytes === null) {
    const error = new AppError("too_large", { detail: `A line may have at most ${MAX_LINE >> 20} MB.` });
    return { ...refused, fingerprint: await sha256("too long"), given: { kind: "refused", error } };
  }
  const fingerprint = await sha256(bytes);
  let name: string | null = null;
  let externalId: string | null = null;
  try {
    const value = parse(bytes);
    ({ name, externalId } = said(value));
    const parsed = BulkLine.safeParse(value);
    if (!parsed.success) throw invalidLine(parsed.error);
    const { content, content_base64: encoded, url, ...labels } = parsed.data;
    if (url !== undefined || labels.name === undefined) {
      const given: Given = { kind: "address", labels: { ...defaults, ...labels }, url: addressOf(url ?? "") };
      return { line, name, externalId, weight: 0, keys: [`url ${given.url}`], fingerprint, given };
    }
    const document = contentOf(content, encoded);
    const given: Given = {
      kind: "bytes",
      labels: { ...defaults, ...labels, name: labels.name },
      bytes: document,
    };
    const keys = [`bytes ${await sha256(document)}`, ...(externalId === null ? [] : [`id ${externalId}`])];
    return { line, name, externalId, weight: document.byteLength, keys, fingerprint, given };
  } catch (thrown) {
    return {
      ...refused,
      name,
      externalId,
      fingerprint,
      given: { kind: "refused", error: toAppError(thrown) },
    };
  }
}

function parse(bytes: Uint8Array): unknown {
  if (isIntricate(bytes)) {
    throw new AppError("invalid_request", {
      detail: `The line nests deeper than ${MAX_DEPTH} levels or has more than ${MAX_VALUES} values.`,
    });
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    throw new AppError("malformed_json", {
      detail: cause instanceof SyntaxError ? "The line is not JSON." : "The line is not UTF-8.",
      cause,
    });
  }
}

/** How a line that may be wrong in other ways names itself. */
function said(value: unknown): { name: string | null; externalId: string | null } {
  const naming = z.object({
    name: Name.nullable().catch(null),
    external_id: Labels.shape.external_id.unwrap().nullable().catch(null),
  });
  const { data } = naming.safeParse(value);
  return { name: data?.name ?? null, externalId: data?.external_id ?? null };
}

function addressOf(url: string): string {
  const address = pageAddress(url);
  if (address !== null) return address;
  throw new AppError("invalid_request", {
    detail: "url: must be an address that starts with https:// or http://, without a user or password",
  });
}

function contentOf(content: string | undefined, encoded: string | undefined): Uint8Array<ArrayBuffer> {
  const bytes = encoded === undefined ? encode(content ?? "") : decoded(encoded);
  if (bytes.byteLength <= MAX_CONTENT) return bytes;
  throw new AppError("too_large", {
    detail: `A document in a line may have at most ${MAX_CONTENT >> 20} MB; send larger ones as files.`,
  });
}

const encode = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

function decoded(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new AppError("invalid_request", { detail: "content_base64: is not base64", cause });
  }
}

export function invalidLine(error: z.core.$ZodError): AppError {
  const [first] = error.issues;
  const where = first?.path.join(".");
  return new AppError("invalid_request", {
    detail: `${where || "line"}: ${first?.message ?? "is not valid"}`,
  });
}

const [QUOTE, BACKSLASH, COMMA, OPEN_BRACKET, OPEN_BRACE] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];
const [CLOSE_BRACKET, CLOSE_BRACE] = [0x5d, 0x7d];

/** Counts outside of strings; whether the rest is JSON is the parser's business. */
function isIntricate(json: Uint8Array): boolean {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      for (at++; at < json.length && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    else if (byte === COMMA) values++;
    if (depth > MAX_DEPTH || values > MAX_VALUES) return true;
  }
  return false;
}
