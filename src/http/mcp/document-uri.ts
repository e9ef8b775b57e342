/** Documents by the address that MCP's resources have. */
import * as z from "zod";
import type { Actor } from "../../context.ts";
import { permits } from "../permissions.ts";
import type { Link } from "./tool.ts";

const PREFIX = "kalamna://documents/";

/** RFC 6570. */
export const TEMPLATE = `${PREFIX}{id}`;

/** What a document's text is served as, whatever it was uploaded as. */
export const MIME = "text/plain";

export const uriOf = (id: string) => `${PREFIX}${id}`;

/** Null for what is no document's address. */
export function idIn(uri: string): string | null {
  if (!uri.startsWith(PREFIX)) return null;
  return z.uuid().safeParse(uri.slice(PREFIX.length)).data ?? null;
}

/** To those documents, each once; none for a caller who could not follow them. */
export function linksTo(actor: Actor, documents: readonly { id: string; name: string }[]): Link[] {
  if (!permits(actor, "documents:read")) return [];
  const each = new Map(documents.map((document) => [document.id, document]));
  return [...each.values()].map(({ id, name }) => ({
    type: "resource_link",
    uri: uriOf(id),
    name,
    mimeType: MIME,
  }));
}
