/** The product built with other settings than the Worker under test: same code, same database. */
import type { BaseCtx } from "../../src/context.ts";
import { createApp } from "../../src/http/app.ts";
import type { Runtime } from "../../src/runtime.ts";
import { type Answer, runtime } from "./api.ts";

export type TestApp = {
  call(
    method: string,
    path: string,
    options?: { token?: string; json?: unknown; body?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Resolves when everything that outlives its response is done. */
  settled(): Promise<void>;
  runtime: Runtime;
};

/** @param change gets the real runtime and returns the parts that differ */
export function appWith(change: (real: Runtime) => Partial<Runtime>): TestApp {
  const real = runtime();
  const built: Runtime = { ...real, ...change(real) };
  const app = createApp(built);
  const pending: Promise<unknown>[] = [];
  const waitUntil: BaseCtx["waitUntil"] = (work) => void pending.push(work);
  const execution = { waitUntil, passThroughOnException: () => undefined } as unknown as ExecutionContext;
  return {
    runtime: built,
    async settled() {
      await Promise.allSettled(pending);
    },
    async call(method, path, { token, json, body, headers = {} } = {}) {
      const response = await app.request(
        `http://127.0.0.1${path}`,
        {
          method,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(json === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined ? { body } : {}),
        },
        {},
        execution,
      );
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? JSON.parse(text) : text,
      };
    },
  };
}
