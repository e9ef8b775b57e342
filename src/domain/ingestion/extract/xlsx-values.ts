/** What a cell of a worksheet shows: numbers without noise, dates as ISO, percent as people see it. */
import type { NumberKind } from "./xlsx-parts.ts";

/** Excel counts days from the end of 1899 (with a leap day in 1900 that never was), or from 1904. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const DAY = 86_400_000;

/**
 * @param raw the number as stored
 * @returns `raw` itself where it is no number
 */
export function numberText(raw: string, kind: NumberKind, since1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === "" || !Number.isFinite(value)) return raw.trim();
  if (kind === "date" && value >= 0 && value < 2_958_466) return dateText(value, since1904);
  if (kind === "percent") return `${plain(value * 100)}%`;
  return plain(value);
}

/** 15 significant digits, which is what Excel computes with: 0.1 + 0.2 is 0.3. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}

function dateText(days: number, since1904: boolean): string {
  const base = since1904 ? EPOCH_1904 : EPOCH_1900;
  const seconds = Math.round((days * DAY) / 1000);
  const iso = new Date(base + seconds * 1000).toISOString();
  const time = iso.slice(17, 19) === "00" ? iso.slice(11, 16) : iso.slice(11, 19);
  if (days < 1 && !since1904) return time;
  return seconds % 86_400 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}

/** `BC12` → 54; 0 is column A; −1 where there are no letters. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length && i < 3; i++) {
    const letter = reference.charCodeAt(i) & 0xdf;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

/** 54 → `BC`. */
export function columnName(column: number): string {
  let name = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}
