/** One plain-text message as mail servers carry it (RFC 5322, 2045, 2047). */
import { Buffer } from "node:buffer";
import type { Message } from "./port.ts";

/** Bytes in one encoded word, which may have 75 characters in all. */
const WORD_BYTES = 45;

/**
 * @param id makes the Message-ID unique
 * @throws Error for an address that would break out of its header
 */
export function mimeMessage(
  { to, subject, text }: Message,
  from: { name: string; email: string },
  id: string,
  now: Date,
): string {
  const body = Buffer.from(text.replace(/\r?\n/g, "\r\n")).toString("base64");
  return [
    `From: ${phrase(from.name)} <${address(from.email)}>`,
    `To: ${address(to)}`,
    `Subject: ${words(subject)}`,
    `Date: ${now.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${id}@${from.email.split("@").at(-1)}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    // Nobody's holiday reply should answer a machine (RFC 3834 §5).
    "Auto-Submitted: auto-generated",
    "",
    ...(body.match(/.{1,76}/g) ?? []),
    "",
  ].join("\r\n");
}

function address(value: string): string {
  if (!/^[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+$/.test(value)) throw new Error("not an address");
  return value;
}

const isPlain = (text: string) => /^[\x20-\x7e]*$/.test(text) && text.length <= 60 && !text.includes("=?");

function phrase(name: string): string {
  return isPlain(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : words(name);
}

/** As it is where that is possible, else as encoded words, none of which splits a character. */
function words(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ");
  if (isPlain(line)) return line;
  const pieces = [""];
  for (const character of line) {
    const last = pieces.at(-1) ?? "";
    if (Buffer.byteLength(last + character) > WORD_BYTES) pieces.push(character);
    else pieces[pieces.length - 1] = last + character;
  }
  return pieces.map((piece) => `=?UTF-8?B?${Buffer.from(piece).toString("base64")}?=`).join("\r\n ");
}
