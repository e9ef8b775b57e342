/** E-mail (RFC 5322, MIME) to canonical text: who wrote to whom, the message, and attachments that we can read. */
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { AppError, toAppError } from "../../../errors.ts";
import { detect } from "./detect.ts";
import { clean } from "./encoding.ts";
import { markdownWriter } from "./html-markdown.ts";
import { scanHtml } from "./html-tokens.ts";
import type { Extracted, Format } from "./types.ts";

/** Parts within parts; real messages have five. */
const MAX_NESTING = 30;
/** A message forwarded within a message, and so on. */
const MAX_FORWARDED = 5;
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_ATTACHMENTS = 50;
/** Characters of all attachments together. */
const MAX_TEXT = 8_000_000;

/** Reads a file that came with a message. @throws AppError as `extract` does */
export type ReadAttachment = (format: Format, bytes: Uint8Array, name: string) => Promise<Extracted>;

/**
 * Reads a message; of an alternative of HTML and plain text the HTML, which has headings and tables.
 * @throws AppError `broken_document` | `encrypted_document` | `document_too_complex`
 */
export async function extractEmail(bytes: Uint8Array, read: ReadAttachment, depth = 0): Promise<Extracted> {
  const message = await parse(bytes);
  refuseEncrypted(message);
  const title = oneLine(message.subject) || null;
  const parts = [`# ${title ?? "E-mail"}`, heading(message), body(message)];
  const readFile: ReadAttachment = (format, file, name) =>
    format === "email" ? extractEmail(file, read, depth + 1) : read(format, file, name);
  let room = MAX_TEXT;
  for (const attachment of message.attachments.slice(0, MAX_ATTACHMENTS)) {
    const text = await attached(attachment, depth < MAX_FORWARDED ? readFile : null, room);
    room -= text.length;
    parts.push(text);
  }
  return { text: parts.filter((part) => part !== "").join("\n\n"), title, pages: [] };
}

async function parse(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, {
      maxNestingDepth: MAX_NESTING,
      maxRfc822NestingDepth: MAX_FORWARDED,
      maxHeadersSize: MAX_HEADER_BYTES,
    });
  } catch (cause) {
    const tooMuch = cause instanceof Error && /^Maximum /.test(cause.message);
    throw new AppError(tooMuch ? "document_too_complex" : "broken_document", {
      detail: tooMuch
        ? "This e-mail has more parts within parts than we read."
        : "This e-mail cannot be read; save it again.",
      cause,
    });
  }
}

/** S/MIME and PGP leave nothing but the sealed part. */
function refuseEncrypted({ text, html, attachments }: Email): void {
  const sealed = attachments.some(({ mimeType }) =>
    /^application\/(?:x-)?(?:pkcs7-mime|pgp-encrypted)$/.test(mimeType),
  );
  if (!sealed || text?.trim() || html?.trim()) return;
  throw new AppError("encrypted_document", {
    detail: "This e-mail is encrypted; save it again from a program that can open it.",
  });
}

const oneLine = (value: string | null | undefined) => (value ?? "").replace(/\s+/g, " ").trim();

function heading(message: Email): string {
  const lines = [
    ["From", people(message.from ? [message.from] : [])],
    ["To", people(message.to ?? [])],
    ["Cc", people(message.cc ?? [])],
    ["Date", oneLine(message.date)],
  ];
  return lines
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function people(addresses: readonly Address[]): string {
  return addresses
    .flatMap((address) => address.group ?? [address])
    .map(({ name, address = "" }) => oneLine(name && name !== address ? `${name} <${address}>` : address))
    .join(", ");
}

function body({ html, text }: Email): string {
  const plain = clean(text ?? "").trim();
  if (!html) return plain;
  const writer = markdownWriter(false);
  scanHtml(clean(html), writer);
  return writer.finish().text.trim() || plain;
}

/** The text of a file that came along under its name; of a picture, or a file that cannot be read, the name alone. */
async function attached(attachment: Attachment, read: ReadAttachment | null, room: number): Promise<string> {
  const { content, mimeType } = attachment;
  const name = oneLine(attachment.filename) || (mimeType === "message/rfc822" ? "message.eml" : "");
  if (typeof content === "string" || attachment.related || name === "") return "";
  const bytes = new Uint8Array(content);
  const format = bytes.length > 0 ? detect(bytes.subarray(0, 64 * 1024), name) : { unsupported: "" };
  const title = `## Attachment: ${name}`;
  if (typeof format !== "string" || read === null) return title;
  try {
    const { text } = await read(format, bytes, name);
    return text.length > room ? title : `${title}\n\n${text.replace(/^(#{1,4}) /gm, "##$1 ")}`;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "internal") throw error;
    return `${title}\n\n(${error.message})`;
  }
}
