/** XLSX to canonical text: a heading per sheet, a line per row, every value named by its column. */
import { AppError } from "../../../errors.ts";
import { mainPart, openOffice, readCoreTitle, relationsOf } from "./office-parts.ts";
import type { Extracted } from "./types.ts";
import { readStrings, readStyles, readWorkbook, tooLargeTable } from "./xlsx-parts.ts";
import { readMerges, readRows, type Values } from "./xlsx-sheet.ts";
import { type TableWriter, tableWriter } from "./xlsx-table.ts";

/** Characters of canonical text past which a workbook is refused: about 20,000 chunks. */
const MAX_TEXT = 20_000_000;
/** Bytes all sheets together may unpack to. */
const MAX_UNPACKED = 128 * 1024 * 1024;

/**
 * Reads a workbook sheet by sheet; a sheet is never whole in memory, neither as XML nor as cells.
 * @throws AppError `broken_document` | `encrypted_document` | `document_too_complex`
 */
export async function extractXlsx(bytes: Uint8Array): Promise<Extracted> {
  const zip = openOffice(bytes, "Excel");
  const main = mainPart(zip, "xl/workbook.xml");
  const { sheets, since1904 } = readWorkbook(zip, main);
  if (sheets.length === 0) {
    throw new AppError("broken_document", {
      detail: "The file has no sheets that can be read; save it again as XLSX.",
    });
  }
  const unpacked = sheets.reduce((sum, { part }) => sum + (zip.entries.get(part)?.size ?? 0), 0);
  if (unpacked > MAX_UNPACKED) throw tooLargeTable();
  const relations = relationsOf(zip, main);
  const target = (type: string) => relations.find((relation) => relation.type === type)?.target ?? "";
  const values: Values = {
    strings: await readStrings(zip, target("sharedStrings")),
    styles: readStyles(zip, target("styles")),
    since1904,
  };
  const texts: string[] = [];
  let size = 0;
  for (const { name, part } of sheets) {
    const table: TableWriter = tableWriter(await readMerges(zip, part), MAX_TEXT - size);
    await readRows(zip, part, values, table.take);
    const text = table.finish();
    if (text === "") continue;
    size += text.length;
    texts.push(`# ${name || "Sheet"}\n\n${text}`);
  }
  return { text: texts.join("\n\n"), title: readCoreTitle(zip), pages: [] };
}
