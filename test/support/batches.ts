/** Bulk uploads and what becomes of them. */
import { vi } from "vitest";
import { type Answer, call, fetchWorker, type Person } from "./api.ts";

type Caller = Pick<Person, "token">;

export const jsonl = (...lines: unknown[]): string =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");

export const sendLines = (
  { token }: Caller,
  body: BodyInit,
  headers: Record<string, string> = {},
  query = "",
): Promise<Answer> =>
  call("POST", `/api/v1/documents/bulk${query}`, {
    token,
    body,
    headers: { "content-type": "application/x-ndjson", ...headers },
  });

/** Sends `body` and reads the results as they come; the last one is the batch, or the problem. */
export async function streamLines(
  { token }: Caller,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<any[]> {
  const response = await fetchWorker("/api/v1/documents/bulk", {
    method: "POST",
    body,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/x-ndjson",
      accept: "application/x-ndjson",
      ...headers,
    },
  });
  const text = await response.text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Waits until every document of the batch has ended. */
export const ended = ({ token }: Caller, id: string): Promise<any> =>
  vi.waitUntil(
    async () => {
      const { body } = await call("GET", `/api/v1/batches/${id}`, { token });
      return ["completed", "cancelled"].includes(body.batch?.status) ? body.batch : undefined;
    },
    { timeout: 25_000, interval: 100 },
  );

/** `outcome`, or the reason why not, by line. */
export const told = (results: readonly any[]): [number, string][] =>
  results.map((result) => [result.line, result.outcome === "refused" ? result.failure.code : result.outcome]);
