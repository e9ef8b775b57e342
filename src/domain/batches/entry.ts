/** One line of a batch, or one file of an archive: what is to be taken in, and what became of it. */

import type { AppError } from "../../errors.ts";
import type { ITEM_OUTCOMES } from "../../infra/db/schema.ts";
import type { UploadLabels } from "../documents/labels.ts";

export type Given =
  | { kind: "bytes"; labels: UploadLabels; bytes: Uint8Array<ArrayBuffer> }
  /** Too large to hold: to be read before the next entry is asked for. */
  | { kind: "stream"; labels: UploadLabels; body: ReadableStream<Uint8Array> }
  /** To be fetched; the document comes later. */
  | { kind: "address"; labels: Omit<UploadLabels, "name"> & { name?: string | undefined }; url: string }
  | { kind: "refused"; error: AppError };

export type Entry = {
  /** Of the line, or of the file in the archive; from 1. */
  line: number;
  name: string | null;
  externalId: string | null;
  /** Bytes of memory that it takes. */
  weight: number;
  /** Entries that share a key are taken in one after the other. */
  keys: readonly string[];
  /** Known again when it is sent again; null while it is not read. */
  fingerprint: string | null;
  given: Given;
};

export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

/** What the sender is told about a line. */
export type LineResult = {
  line: number;
  name: string | null;
  external_id: string | null;
  outcome: ItemOutcome;
  document_id: string | null;
  /** Where an address is being fetched. */
  source_id: string | null;
  failure: { code: string; detail: string } | null;
};
