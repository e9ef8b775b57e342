/** `fetch` as a span of the trace, which the receiver is told of. */
import { activeSpan } from "./active.ts";
import type { Attributes } from "./port.ts";

/** Names the host and nothing more of the address: the rest may be a secret. */
export function tracedFetch(
  address: URL | string,
  init: RequestInit & { method: string; headers: Record<string, string> },
  attributes: Attributes = {},
): Promise<Response> {
  const above = activeSpan();
  const url = new URL(address);
  const about = {
    "http.request.method": init.method,
    "server.address": url.hostname,
    "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
    ...attributes,
  };
  return above.run(init.method, { kind: "client", attributes: about }, async (span) => {
    const trace = span.carrier() ?? above.carrier();
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...trace } });
    span.set({ "http.response.status_code": response.status });
    if (response.status >= 400) span.fail(String(response.status));
    return response;
  });
}
