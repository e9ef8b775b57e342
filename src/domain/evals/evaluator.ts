/** Who may evaluate: admins, and software that an admin gave a key for it. */
import type { Actor, Ctx, KeyActor, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";

export type Evaluator = UserActor | KeyActor;
export type EvalCtx = Ctx<Evaluator>;

/** @throws AppError `forbidden` for whoever has lost the right, or never had it */
export function evaluatorOf(actor: Actor): Evaluator {
  if (actor.kind === "user" && actor.role === "admin") return actor;
  if (actor.kind === "key" && actor.scopes.includes("evals")) return actor;
  throw new AppError("forbidden");
}

/** The context of whoever may evaluate. */
export const evalCtx = (ctx: Ctx): EvalCtx => ({ ...ctx, actor: evaluatorOf(ctx.actor) });
