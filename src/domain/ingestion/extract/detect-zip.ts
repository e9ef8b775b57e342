/** Tells what a zip container holds from the names in its first kilobytes. */
import type { Detected } from "./detect.ts";
import type { Format } from "./types.ts";

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2] + 1;
}

const OFFICE: Record<string, Format> = { "word/": "docx", "xl/": "xlsx", "ppt/": "pptx" };

/** An Office file when parts of one are seen; the file name helps only where the first bytes show no part at all. */
export function zipKind(head: Uint8Array, extension: string): Detected {
  const names = entryNames(head);
  const has = (prefix: string) => names.some((name) => name.startsWith(prefix));
  // The first part decides: a presentation may contain a workbook, whose parts are seen as well.
  const part = names.map((name) => OFFICE[name.slice(0, name.indexOf("/") + 1)]).find(Boolean);
  if (names.includes("xl/workbook.bin")) return { unsupported: "a binary Excel workbook (XLSB)" };
  if (part) return part;
  if (names[0] === "mimetype") {
    const type = new TextDecoder().decode(head.subarray(38, 138));
    if (type.startsWith("application/epub")) return "epub";
    if (type.startsWith("application/vnd.oasis")) return { unsupported: "an OpenDocument file" };
  }
  if (has("AndroidManifest.xml") || has("META-INF/MANIFEST.MF") || has("classes"))
    return { unsupported: "a program package" };
  const office = has("[Content_Types].xml") || has("_rels/") || has("docProps/") || has("customXml/");
  if (office) return extension === ".xlsx" ? "xlsx" : extension === ".pptx" ? "pptx" : "docx";
  return { unsupported: "a ZIP archive" };
}

/** Names in local file headers, wherever they are: sizes may follow the data, so lengths cannot be trusted. */
function entryNames(head: Uint8Array): string[] {
  const names: string[] = [];
  const decoder = new TextDecoder();
  for (let at = 0; at + 30 < head.length; at++) {
    at = head.indexOf(0x50, at);
    if (at < 0 || at + 30 >= head.length) break;
    if (head[at + 1] !== 0x4b || head[at + 2] !== 3 || head[at + 3] !== 4) continue;
    const length = (head[at + 26] ?? 0) | ((head[at + 27] ?? 0) << 8);
    if (length > 0 && length < 512) names.push(decoder.decode(head.subarray(at + 30, at + 30 + length)));
  }
  return names;
}
