/** Tells a file's format from its first bytes; its name only decides between kinds of text. */

import { isZip, zipKind } from "./detect-zip.ts";
import { decode } from "./encoding.ts";
import type { Format } from "./types.ts";

export type Supported = { label: string; extensions: string[]; mime: string };

/** What we read, as shown to a person whose file we cannot. */
export const SUPPORTED: Record<Format, Supported> = {
  pdf: { label: "PDF", extensions: [".pdf"], mime: "application/pdf" },
  docx: {
    label: "Word (DOCX)",
    extensions: [".docx"],
    mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  },
  pptx: {
    label: "PowerPoint (PPTX)",
    extensions: [".pptx"],
    mime: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  },
  xlsx: {
    label: "Excel (XLSX)",
    extensions: [".xlsx"],
    mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  },
  epub: { label: "EPUB", extensions: [".epub"], mime: "application/epub+zip" },
  email: { label: "E-mail (EML)", extensions: [".eml"], mime: "message/rfc822" },
  csv: { label: "CSV, TSV", extensions: [".csv", ".tsv"], mime: "text/csv" },
  json: {
    label: "JSON, NDJSON",
    extensions: [".json", ".ndjson", ".jsonl", ".ipynb"],
    mime: "application/json",
  },
  html: { label: "HTML", extensions: [".html", ".htm"], mime: "text/html" },
  feed: { label: "RSS, Atom", extensions: [".rss", ".atom"], mime: "application/rss+xml" },
  markdown: { label: "Markdown", extensions: [".md", ".markdown"], mime: "text/markdown" },
  text: { label: "Plain text", extensions: [".txt", ".text", ".log"], mime: "text/plain" },
};

export type Detected = Format | { unsupported: string };

/** Offset, bytes (as Latin-1), what a person calls it. */
const MAGIC: [number, string, string][] = [
  [0, "\x89PNG", "a PNG image"],
  [0, "\xff\xd8\xff", "a JPEG image"],
  [0, "GIF8", "a GIF image"],
  [8, "WEBP", "a WebP image"],
  [8, "WAVE", "a WAV recording"],
  [8, "AVI ", "an AVI video"],
  [4, "ftypM4A", "an M4A recording"],
  [4, "ftyphei", "a HEIC image"],
  [4, "ftypmif1", "a HEIC image"],
  [4, "ftypavif", "an AVIF image"],
  [4, "ftyp", "an MP4 recording"],
  [0, "II*\0", "a TIFF image"],
  [0, "MM\0*", "a TIFF image"],
  [0, "BM", "a bitmap image"],
  [0, "8BPS", "a Photoshop image"],
  [0, "\0\0\x01\0", "an icon"],
  [0, "ID3", "an MP3 recording"],
  [0, "\xff\xfb", "an MP3 recording"],
  [0, "\xff\xf3", "an MP3 recording"],
  [0, "OggS", "an Ogg recording"],
  [0, "fLaC", "a FLAC recording"],
  [0, "\x1aE\xdf\xa3", "a Matroska or WebM video"],
  [0, "\x1f\x8b", "a gzip archive"],
  [0, "BZh", "a bzip2 archive"],
  [0, "\xfd7zXZ", "an xz archive"],
  [0, "7z\xbc\xaf", "a 7-Zip archive"],
  [0, "Rar!", "a RAR archive"],
  [0, "(\xb5/\xfd", "a Zstandard archive"],
  [257, "ustar", "a tar archive"],
  [0, "MZ", "a Windows program"],
  [0, "\x7fELF", "a Linux program"],
  [0, "\xcf\xfa\xed\xfe", "a macOS program"],
  [0, "\xca\xfe\xba\xbe", "a compiled program"],
  [0, "\0asm", "a WebAssembly program"],
  [0, "SQLite format 3", "a SQLite database"],
  [0, "PAR1", "a Parquet table"],
  [0, "{\\rtf", "a Rich Text (RTF) document"],
  [0, "%!PS", "a PostScript document"],
  [0, "wOF", "a font"],
  [0, "OTTO", "a font"],
];

/** RSS 0.91 to 2.0, RSS 1.0 and Atom; other XML that calls itself a feed is no such thing. */
const FEED = /^<(?:rss\b|rdf:RDF\b[^>]*\bpurl\.org\/rss\/1\.0|feed\b[^>]*\bw3\.org\/2005\/Atom)/;

/** Marks that are ordinary text as well: a note may begin with "BM" or "MZ". */
const WEAK = new Set(["BM", "MZ", "ID3", "BZh"]);

/**
 * The format of a file.
 * @param head its first bytes, at least 4 KiB where the file has them, 64 KiB are plenty; not empty
 * @returns `unsupported` with a noun phrase for people ("a PNG image")
 */
export function detect(head: Uint8Array, name: string): Detected {
  const extension = /\.[a-z0-9]+$/i.exec(name)?.[0].toLowerCase() ?? "";
  const start = latin1(head, 0, 1024);
  if (start.includes("%PDF-")) return "pdf";
  if (isZip(head)) return zipKind(head, extension);
  if (start.startsWith("\xd0\xcf\x11\xe0")) return ole(head, extension);
  const text = readable(head);
  for (const [offset, magic, label] of MAGIC) {
    if (latin1(head, offset, magic.length) === magic && !(text !== null && WEAK.has(magic))) {
      return { unsupported: label };
    }
  }
  return text === null ? { unsupported: "binary data" } : textKind(text, extension);
}

/** Old Office files and password-protected new ones share a container; the readers of the new say which password is needed. */
function ole(head: Uint8Array, extension: string): Detected {
  const encrypted = latin1(head, 0, head.length).includes("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e");
  if (/^\.(?:xlsx|xlsm)$/.test(extension) || (encrypted && extension === ".xls")) return "xlsx";
  if (/^\.(?:pptx|pptm)$/.test(extension) || (encrypted && extension === ".ppt")) return "pptx";
  if (extension === ".docx" || encrypted) return "docx";
  const labels: Record<string, string> = {
    ".doc": "an old Word document (DOC)",
    ".xls": "an old Excel workbook (XLS)",
    ".ppt": "an old PowerPoint file (PPT)",
    ".msg": "an Outlook message (MSG)",
  };
  return { unsupported: labels[extension] ?? "an old Office document" };
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  let text = "";
  const end = Math.min(bytes.length, offset + length);
  for (let i = offset; i < end; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 8192)));
  return text;
}

/** The head as text, or null when it holds what no text holds. */
function readable(head: Uint8Array): string | null {
  const { text } = decode(head.subarray(0, 16 * 1024), true);
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd || code === 0) odd += 4;
    else if (
      code < 32
        ? code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 27
        : code > 126 && code < 160
    )
      odd++;
  }
  return odd > 8 + text.length / 50 || odd * 3 > text.length ? null : text;
}

function textKind(text: string, extension: string): Detected {
  const start = text
    .replace(/^\ufeff/, "")
    .trimStart()
    .slice(0, 4096);
  if (looksLikeEmail(text, extension)) return "email";
  const markup = start.replace(/^(?:<\?xml[^>]*\?>|<!--[\s\S]*?-->|\s+)+/i, "");
  if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(markup)) return "html";
  if (/^(?:<!doctype\s+svg[^>]*>\s*)?<svg\b/i.test(markup)) return { unsupported: "an SVG image" };
  if (FEED.test(markup)) return "feed";
  if (/^\.x?html?$/.test(extension) && /<[a-z][^>]*>/i.test(text)) return "html";
  if (/^\.(md|markdown|mdx|mkd)$/.test(extension)) return "markdown";
  if (/^\.(csv|tsv|tab)$/.test(extension)) return "csv";
  if (SUPPORTED.json.extensions.includes(extension)) return "json";
  if (extension !== "" && SUPPORTED.text.extensions.includes(extension)) return "text";
  if (/^<(?:p|div|h[1-6]|table|article|section|main|ul|ol)\b[^>]*>/i.test(markup)) return "html";
  if (/^(?:\[\s*)?\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:/.test(start)) return "json";
  if (looksLikeMarkdown(start)) return "markdown";
  if (looksLikeCsv(start)) return "csv";
  return "text";
}

/** A message begins with its header; notes may begin with "Subject:", but hardly with who, when and how it was sent. */
function looksLikeEmail(text: string, extension: string): boolean {
  const lines = text.replaceAll("\r", "").trimStart().split("\n");
  const end = lines.findIndex((line) => !/^(?:[!-9;-~]+:|[ \t])/.test(line));
  const names = (end < 0 ? lines : lines.slice(0, end)).map((line) => /^[!-9;-~]+(?=:)/.exec(line)?.[0]);
  const header = new Set(names.map((name) => name?.toLowerCase()));
  const sent = ["mime-version", "message-id", "received", "return-path", "content-type"];
  const marks = sent.filter((name) => header.has(name)).length + (header.has("date") ? 1 : 0);
  return header.has("from") && marks >= (extension === ".eml" ? 1 : 2);
}

function looksLikeMarkdown(text: string): boolean {
  if (/^---\n[\s\S]{1,2000}?\n---\n/.test(text)) return true;
  const signs = [
    /^#{1,6} \S/m,
    /^```/m,
    /\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)/,
    /^\|?[ :]*-{3,}[ :]*\|/m,
    /^[-*] \S/m,
    /\*\*[^*\n]{1,200}\*\*/,
  ];
  const first = /^# \S/.test(text) && /\n\n/.test(text);
  return first || signs.filter((sign) => sign.test(text)).length >= 2;
}

/** At least three lines with the same number of the same separator, in a name-like first line. */
function looksLikeCsv(text: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .slice(0, 20)
    .filter((line) => line.trim() !== "");
  if (text.length >= 4096) lines.pop();
  if (lines.length < 3) return false;
  return [",", ";", "\t", "|"].some((mark) => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, "").split(mark).length - 1);
    const columns = counts[0] ?? 0;
    return columns > 0 && counts.every((count) => count === columns) && !/[.!?]\s/.test(lines[0] ?? "");
  });
}
