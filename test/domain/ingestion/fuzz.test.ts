/** Whatever happens to a file on its way to us, reading it ends, and with a reason that its owner understands. */
import { describe, expect, test } from "vitest";
import { chunk } from "../../../src/domain/ingestion/chunk.ts";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import type { Format } from "../../../src/domain/ingestion/extract/types.ts";
import { AppError } from "../../../src/errors.ts";
import { damaged } from "../../fixtures/damage.ts";
import { EVERY_FORMAT } from "../../fixtures/every-format.ts";

const FORMATS = Object.keys(EVERY_FORMAT) as Format[];
/** Of each format. */
const CASES = 600;

/** Permanent, and about the file: nothing that a retry or our own repair would help. */
const REASONS = [
  "broken_document",
  "document_too_complex",
  "encrypted_document",
  "empty_document",
  "needs_ocr",
  "unsupported_type",
];

/** As the queue's consumer does it: the content decides how it is read. */
async function read(bytes: Uint8Array, name: string): Promise<string> {
  const format = detect(bytes.subarray(0, 64 * 1024), name);
  if (typeof format !== "string") return "unsupported_type";
  try {
    const text = await extract(format, bytes, name);
    for (const { start, end } of chunk(text))
      expect(0 <= start && start < end && end <= text.text.length).toBe(true);
    return "read";
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code;
    throw thrown;
  }
}

describe("a damaged file ends as text or with a reason:", () => {
  test.each(FORMATS)(
    "%s",
    async (format) => {
      const seen = new Map<string, number>();
      for (const bytes of damaged(format, CASES)) {
        const outcome = bytes.length === 0 ? "empty_document" : await read(bytes, `file.${format}`);
        expect(["read", ...REASONS]).toContain(outcome);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }
      // Damage that never shows, or hides everything, would test nothing.
      expect(seen.get("read") ?? 0).toBeGreaterThan(CASES / 20);
      expect(await read(EVERY_FORMAT[format](), `healthy.${format}`)).toBe("read");
    },
    // Far above what it takes; what hangs is what this is about.
    60_000,
  );
});
