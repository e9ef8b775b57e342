/** Reads server-sent events from a response: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export type SseEvent = { id: string; event: string; data: string };

/**
 * Yields each event as its last line is complete; what comes after the last empty line is no event.
 * @param onLife called for every piece that arrives, comments too
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onLife: () => void = () => undefined,
): AsyncGenerator<SseEvent, void, undefined> {
  const reader = body.getReader();
  // The decoder drops a byte order mark.
  const decoder = new TextDecoder();
  let pending = "";
  let event = "";
  let id = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onLife();
      pending += decoder.decode(value, { stream: true });
      for (;;) {
        // A carriage return at the very end may be half of a line's end.
        const line = /^(.*?)(?:\r\n|\n|\r(?!$))/s.exec(pending);
        if (!line) break;
        pending = pending.slice(line[0].length);
        const [, text = ""] = line;
        if (text === "") {
          if (data.length > 0) yield { id, event: event || "message", data: data.join("\n") };
          event = "";
          data = [];
          continue;
        }
        const [, field, content = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(text) ?? [];
        if (field === "data") data.push(content);
        else if (field === "event") event = content;
        else if (field === "id" && !content.includes("\0")) id = content;
      }
    }
  } finally {
    // Whoever leaves the loop early closes the connection.
    await reader.cancel().catch(() => undefined);
  }
}
