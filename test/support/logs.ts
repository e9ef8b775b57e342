/** Drives the log servers (log-server.ts) from inside workerd; each test has one of its own. */
import { env } from "cloudflare:workers";
import { call, expectStatus, type Person } from "./api.ts";
import type { LogRequest, LogScript } from "./log-server.ts";

const server = (): string => (env as unknown as { LOG_SERVER: string }).LOG_SERVER;

export type Logs = {
  url: string;
  will(script: LogScript): Promise<void>;
  /** Every request that arrived, oldest first. */
  seen(): Promise<LogRequest[]>;
  /** The arguments of the last search. */
  asked(): Promise<Record<string, unknown>>;
};

export async function newLogs(script: LogScript = {}): Promise<Logs> {
  const name = crypto.randomUUID();
  const control = async (init?: RequestInit) =>
    (await (await fetch(`${server()}/control/${name}`, init)).json()) as LogRequest[];
  const logs: Logs = {
    url: `${server()}/mcp/${name}`,
    async will(next) {
      await control({ method: "POST", body: JSON.stringify(next) });
    },
    seen: () => control(),
    async asked() {
      const calls = (await control()).filter(({ body }) => body.includes('"tools/call"'));
      return JSON.parse(calls.at(-1)?.body ?? "{}").params.arguments;
    },
  };
  await logs.will(script);
  return logs;
}

/** Lines as a tool answers them, a minute ago unless they say when. */
export const linesOf = (...lines: Record<string, unknown>[]): LogScript => ({
  structured: {
    lines: lines.map((line) => ({ time: new Date(Date.now() - 60_000).toISOString(), ...line })),
  },
});

export async function connectLogs(
  admin: Person,
  { url }: Pick<Logs, "url">,
  more: object = {},
): Promise<void> {
  const answer = await call("PUT", "/api/v1/logs/connection", { token: admin.token, json: { url, ...more } });
  expectStatus(answer, 200);
}
