/** What travels with a request through the middleware. */
import type { Actor, BaseCtx } from "../context.ts";
import type { LineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";

export type HttpEnv = {
  Bindings: Record<string, unknown>;
  Variables: {
    base: BaseCtx;
    log: LineLog;
    actor: Actor | undefined;
    runtime: Runtime;
  };
};
