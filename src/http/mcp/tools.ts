/** Every tool, in the order in which clients list them. */
import type { Tool } from "./tool.ts";
import { ask } from "./tools/ask.ts";
import { getDocument, listDocuments } from "./tools/documents.ts";
import { search } from "./tools/search.ts";
import { uploadDocument } from "./tools/upload.ts";

export const TOOLS: readonly Tool[] = [search, ask, listDocuments, getDocument, uploadDocument];
