/** Documents as MCP's resources: the text of each that its reader may see. */
import * as z from "zod";
import { list } from "../../domain/documents/list.ts";
import { readText } from "../../domain/documents/read-text.ts";
import { AppError } from "../../errors.ts";
import { idIn, MIME, TEMPLATE, uriOf } from "./document-uri.ts";
import { RPC, RpcError } from "./rpc.ts";
import type { McpCtx } from "./tool.ts";

const PAGE = 100;
/** Characters that are sent at once; longer ones are read piece by piece with `get_document`. */
const LONGEST = 1_000_000;

/** Newest first. A page may have fewer entries than the next one: documents that nobody has read yet are left out. */
export async function listResources(ctx: McpCtx, cursor: string | undefined): Promise<object> {
  const { data, next_cursor } = await list(ctx, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
  return {
    resources: data
      .filter(({ published_version }) => published_version !== null)
      .map(({ id, name, title, updated_at }) => ({
        uri: uriOf(id),
        name,
        ...(title === null ? {} : { title }),
        mimeType: MIME,
        annotations: { audience: ["user", "assistant"], ...(updated_at ? { lastModified: updated_at } : {}) },
      })),
    ...(next_cursor === null ? {} : { nextCursor: next_cursor }),
  };
}

export const listTemplates = () => ({
  resourceTemplates: [
    {
      uriTemplate: TEMPLATE,
      name: "document",
      title: "Document",
      description: "The text of a document, by the id that search results and citations give.",
      mimeType: MIME,
    },
  ],
});

const ReadParams = z.object({ uri: z.string() });

/**
 * @param absent the code for an address that leads nowhere
 * @throws RpcError also for a document that is not the reader's to see; AppError `too_large` | `not_ready` | …
 */
export async function readResource(ctx: McpCtx, params: unknown, absent: number): Promise<object> {
  const read = ReadParams.safeParse(params);
  if (!read.success) throw new RpcError(RPC.params, "params.uri: must be text.", 200);
  const { uri } = read.data;
  const id = idIn(uri);
  try {
    if (id === null) throw new AppError("not_found");
    const { text, more } = await readText(ctx, id, { start: 0, length: LONGEST });
    if (more) {
      throw new AppError("too_large", {
        detail: `The text has more than ${LONGEST} characters: read it in pieces with get_document.`,
      });
    }
    return { contents: [{ uri, mimeType: MIME, text }] };
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.code === "not_found")) throw thrown;
    throw new RpcError(absent, "There is no such resource for you.", 200, { uri });
  }
}
