/** What decides whether a passage has been embedded before. */
import { createHash } from "node:crypto";
import type { Chunk } from "./chunk.ts";
import { embeddingText } from "./embed-drafts.ts";

/** 32 hex digits of the SHA-256 of exactly what would be embedded. */
export const contentHash = ({ heading, text }: Pick<Chunk, "heading" | "text">): string =>
  createHash("sha256").update(embeddingText(heading, text)).digest("hex").slice(0, 32);
