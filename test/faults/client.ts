/** A careful client: it tries again whatever did not answer, and never uploads twice what arrived. */
import { setTimeout as pause } from "node:timers/promises";
import type { Planned, Version } from "./corpus.ts";

export type Answer = { status: number; body: any; text: string };

const TRY_AGAIN = new Set([429, 500, 502, 503, 504]);
const GIVE_UP_MS = 90_000;
const ATTEMPT_MS = 25_000;

export type Client = {
  /** Null once this is hopeless: no answer but failures for a minute and a half. */
  ask(method: string, path: string, body?: () => BodyInit, headers?: Record<string, string>): Promise<Answer>;
  json(method: string, path: string, body?: unknown): Promise<Answer>;
  upload(document: Planned, version: Version): Promise<Answer>;
  as(token: string): Client;
};

/** @param url of the Worker */
export function client(url: string, token?: string): Client {
  const ask: Client["ask"] = async (method, path, body, headers = {}) => {
    const until = Date.now() + GIVE_UP_MS;
    for (let attempt = 0; ; attempt++) {
      const answer = await once(method, path, body, headers).catch(
        (error: Error): Answer & { wait?: number } => ({ status: 0, body: null, text: error.message }),
      );
      if (answer.status !== 0 && !TRY_AGAIN.has(answer.status)) return answer;
      if (Date.now() > until)
        throw new Error(`${method} ${path} is hopeless: ${answer.status} ${answer.text.slice(0, 500)}`);
      await pause(Math.min(answer.wait ?? 200 * 1.5 ** attempt, 5_000));
    }
  };
  const once = async (
    method: string,
    path: string,
    body: (() => BodyInit) | undefined,
    headers: Record<string, string>,
  ): Promise<Answer & { wait?: number }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, connection: "close", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: body() } : {}),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
    const wait = Number(response.headers.get("retry-after"));
    return {
      status: response.status,
      text,
      body: isJson ? JSON.parse(text) : text,
      ...(wait > 0 ? { wait: wait * 1000 } : {}),
    };
  };
  return {
    ask,
    json: (method, path, body) =>
      ask(
        method,
        path,
        body === undefined ? undefined : () => JSON.stringify(body),
        body === undefined ? {} : { "content-type": "application/json" },
      ),
    upload: ({ name, lane, externalId }, { bytes }) =>
      ask("POST", "/api/v1/documents", () => {
        const form = new FormData();
        form.set("lane", lane);
        if (externalId) form.set("external_id", externalId);
        form.set("file", new File([bytes as Uint8Array<ArrayBuffer>], name));
        return form;
      }),
    as: (other) => client(url, other),
  };
}
