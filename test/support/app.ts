/** The product built with other settings than the Worker under test: same code, same database. */
import type { BaseCtx } from "../../src/context.ts";
import { createApp } from "../../src/http/app.ts";
import type { Runtime } from "../../src/runtime.ts";
import { type Answer, type CallOptions, read, requestOf, runtime } from "./api.ts";

export type TestApp = {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The response as it comes. */
  fetch(method: string, path: string, options?: CallOptions): Promise<Response>;
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
  const fetch = async (method: string, path: string, options: CallOptions = {}) =>
    app.request(`http://127.0.0.1${path}`, requestOf(method, options), {}, execution);
  return {
    runtime: built,
    fetch,
    async settled() {
      // What is waited for may ask for more.
      for (let known = -1; known !== pending.length; ) {
        known = pending.length;
        await Promise.allSettled(pending);
      }
    },
    call: async (method, path, options) => read(await fetch(method, path, options)),
  };
}
