/** The few calls of the public API that the evals command needs; what may pass is tried again. */
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";

const TRIES = 5;
const Problem = z.object({ code: z.string(), detail: z.string().optional() });

export type Call = <T>(method: string, path: string, body?: { type: string; text: string }) => Promise<T>;

/**
 * @param credential asked before every call, because tokens end
 * @returns what calls `/api/v1/evals…`; it throws an Error with the API's own sentence
 */
export function caller(url: string, credential: () => Promise<string>): Call {
  const base = `${url.replace(/\/+$/, "")}/api/v1/evals`;
  return async <T>(method: string, path: string, body?: { type: string; text: string }): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      const headers = {
        authorization: `Bearer ${await credential()}`,
        ...(body ? { "content-type": body.type } : {}),
      };
      const response = await fetch(`${base}${path}`, {
        method,
        headers,
        ...(body ? { body: body.text } : {}),
      }).catch((cause: unknown) => {
        throw new Error(`${new URL(url).origin} does not answer.`, { cause });
      });
      const text = await response.text();
      // The server and the command are of one release.
      if (response.ok) return JSON.parse(text) as T;
      const passing = response.status === 429 || response.status >= 500;
      // A run begun twice would be asked twice.
      if (!passing || method !== "GET" || attempt >= TRIES) throw new Error(sentence(response.status, text));
      await pause(Math.min(30, Number(response.headers.get("retry-after")) || 2 ** attempt) * 1_000);
    }
  };
}

function sentence(status: number, text: string): string {
  try {
    const { code, detail } = Problem.parse(JSON.parse(text));
    return `${detail ?? code} (${code})`;
  } catch {
    return `The server answered ${status}.`;
  }
}
