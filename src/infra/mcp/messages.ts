/** JSON-RPC messages in an HTTP answer: one JSON document, or server-sent events (Streamable HTTP, MCP 2025-03-26 ff.). */
import * as z from "zod";

/** An answer to one of our requests; what a server asks or tells on the way has no `result` and no `error`. */
const Response = z.union([
  z.object({ id: z.union([z.int(), z.string()]), result: z.record(z.string(), z.unknown()) }),
  z.object({
    id: z.union([z.int(), z.string(), z.null()]).optional(),
    error: z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
  }),
]);
export type RpcResponse = z.infer<typeof Response>;

/**
 * The response to request `id`. Server-sent events are read until it comes, and not until the server closes.
 * @returns undefined when the answer holds none
 */
export async function responseIn(
  type: string,
  body: ReadableStream<Uint8Array>,
  id: number,
): Promise<RpcResponse | undefined> {
  const texts = type === "text/event-stream" ? dataOf(body) : [await new globalThis.Response(body).text()];
  for await (const text of texts) {
    // A server of the first revision may answer with an array.
    for (const message of [parsed(text)].flat()) {
      const { data } = Response.safeParse(message);
      if (data && (data.id === id || ("error" in data && (data.id ?? null) === null))) return data;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The data of each event; one that is not ended is none (HTML standard §9.2.6). Leaving the loop closes the stream. */
async function* dataOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  let data: string[] = [];
  for await (const piece of body) {
    held += decoder.decode(piece, { stream: true });
    const lines = held.split(/\r\n|\n|\r(?!$)/);
    held = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      else if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      }
    }
  }
}
