/** What travels with a request through the middleware. */
import type { Actor, BaseCtx, SuperadminActor } from "../context.ts";
import type { LineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import type { LimitState } from "./limits.ts";

export type HttpEnv = {
  Bindings: Record<string, unknown>;
  Variables: {
    base: BaseCtx;
    log: LineLog;
    actor: Actor | undefined;
    superadmin: SuperadminActor | undefined;
    runtime: Runtime;
    /** What the answer's RateLimit headers will say. */
    limits: LimitState[];
    /** The page that called is one of those the organization lists. */
    originAllowed: boolean | undefined;
  };
};
