/**
 * The tenant boundary: the only doors to the database. Each sends one transaction whose first statement proves
 * who is asking and drops to a role that row level security binds (migrations/0001_core.sql).
 */
import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Actor, BaseCtx, Ctx, PlatformCtx, UserActor } from "../../context.ts";
import { type Database, isUndone, nameDatabaseFailure } from "./client.ts";

export type Statement = BatchItem<"pg">;
export type Results<S extends readonly Statement[]> = { -readonly [K in keyof S]: S[K]["_"]["result"] };

/** Rows of a raw `db.execute(sql…)` statement: parse them with Zod or pick columns by name. */
export type Build<S extends readonly Statement[]> = (db: Database) => S;

const asApp = sql`set_config('role', 'kalamna_app', true)`;

function enterAs(actor: Actor): SQL {
  switch (actor.kind) {
    case "service":
      return sql`select kalamna.enter_service(${actor.orgId}), ${asApp}`;
    case "user":
      return sql`select kalamna.enter(${actor.orgId}, ${actor.userId}, ${actor.role}, ${actor.access},
                                      ${actor.tokenVersion}), ${session(actor)}, ${asApp}`;
    case "key":
      return sql`select kalamna.enter_key(${actor.orgId}, ${actor.keyId}, decode(${actor.secretHash}, 'hex')),
                        set_config('app.end_user', ${actor.endUser ?? ""}, true), ${asApp}`;
    case "widget":
      return sql`select kalamna.enter_widget(${actor.orgId}, ${actor.keyId}, ${actor.origin}),
                        set_config('app.visitor_id', ${actor.visitorId}, true), ${asApp}`;
  }
}

const session = ({ orgId, userId, sessionId }: UserActor): SQL =>
  sessionId === undefined ? sql`null` : sql`kalamna.enter_session(${orgId}, ${userId}, ${sessionId})`;

/** Of a batch that Postgres undoes: it has not happened, and whoever was in the way goes first by then. */
const MOST_TRIES = 3;

async function batch<const S extends readonly Statement[]>(
  ctx: BaseCtx,
  entry: SQL,
  build: Build<S>,
  span?: string,
): Promise<Results<S>> {
  const { db } = ctx.ports;
  const statements = build(db);
  for (let tries = 1; ; tries++) {
    try {
      const results = await ctx.log.step("database", () => db.batch([db.execute(entry), ...statements]), {
        ...(span ? { span } : {}),
        kind: "client",
        attributes: { "db.system.name": "postgresql", "db.operation.batch.size": 1 + statements.length },
      });
      return results.slice(1) as Results<S>;
    } catch (thrown) {
      if (!isUndone(thrown) || tries >= MOST_TRIES) throw nameDatabaseFailure(thrown);
      ctx.log.add({ undone: tries });
    }
  }
}

/**
 * Runs `build`'s statements as one transaction that sees only the actor's organization and what the actor may read.
 * @throws AppError `session_revoked` when the person is deactivated, their rights changed or the organization is suspended
 * @param span what the trace calls it, where it is more than one batch among others
 */
export function tenantBatch<const S extends readonly Statement[]>(
  ctx: Ctx,
  build: Build<S>,
  span?: string,
): Promise<Results<S>> {
  return batch(ctx, enterAs(ctx.actor), build, span);
}

/** Before sign-in: organizations, users and refresh tokens, and nothing else. */
export function accountBatch<const S extends readonly Statement[]>(
  ctx: BaseCtx,
  build: Build<S>,
): Promise<Results<S>> {
  return batch(ctx, sql`select set_config('role', 'kalamna_account', true)`, build);
}

/** The sweeper and health: the state of documents of all organizations, no names and no text. */
export function systemBatch<const S extends readonly Statement[]>(
  ctx: BaseCtx,
  build: Build<S>,
): Promise<Results<S>> {
  return batch(ctx, sql`select set_config('role', 'kalamna_system', true)`, build);
}

/** Superadmins: organizations as such and how much is in them, no text and no people. */
export function superadminBatch<const S extends readonly Statement[]>(
  ctx: PlatformCtx,
  build: Build<S>,
): Promise<Results<S>> {
  const { userId, tokenVersion } = ctx.actor;
  return batch(
    ctx,
    sql`select kalamna.enter_platform(${userId}, ${tokenVersion}), set_config('role', 'kalamna_platform', true)`,
    build,
  );
}
