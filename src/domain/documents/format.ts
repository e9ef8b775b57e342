/** Tells what kind of document bytes are, or what we cannot read about them. */
import { AppError } from "../../errors.ts";
import { detect, SUPPORTED } from "../ingestion/extract/detect.ts";
import type { Format } from "../ingestion/extract/types.ts";

const ARCHIVES = " An archive of documents goes to POST /api/v1/documents/bulk.";

/** @param head the first bytes, at most 64 KiB; not empty. @throws AppError `unsupported_type` with what we do read */
export function formatOf(head: Uint8Array, name: string): Format {
  const format = detect(head, name);
  if (typeof format === "string") return format;
  throw new AppError("unsupported_type", {
    detail: `This looks like ${format.unsupported}, which we cannot read.${
      format.unsupported === "a ZIP archive" ? ARCHIVES : ""
    }`,
    extra: { supported: Object.values(SUPPORTED).map(({ label, extensions }) => ({ label, extensions })) },
  });
}
