/** Free labels on a document: flat JSON of at most 4 KB, usable as a filter. */
import * as z from "zod";

const MAX_BYTES = 4096;

export const Metadata = z
  .record(z.string().min(1).max(64), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .refine((value) => new TextEncoder().encode(JSON.stringify(value)).byteLength <= MAX_BYTES, {
    message: `may have at most ${MAX_BYTES} bytes as JSON`,
  })
  // Postgres text cannot hold U+0000.
  .refine((value) => !JSON.stringify(value).includes("\\u0000"), { message: "may not contain U+0000" });
export type Metadata = z.infer<typeof Metadata>;
