/** What travels with a request through the middleware. */
import type { Actor, BaseCtx, QuotaState, SuperadminActor } from "../context.ts";
import type { LineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";

export type HttpEnv = {
  Bindings: Record<string, unknown>;
  Variables: {
    base: BaseCtx;
    log: LineLog;
    actor: Actor | undefined;
    superadmin: SuperadminActor | undefined;
    runtime: Runtime;
    /** What the answer's RateLimit headers will say. */
    limits: QuotaState[];
    /** The page that called is one of those the organization lists. */
    originAllowed: boolean | undefined;
  };
};
