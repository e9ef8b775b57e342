/** Runs requests of the gateway on connections to Postgres that start and end clean. */
import pg from "pg";
import { jsonParser, ProtocolError } from "./gateway-answer.ts";
import type { GatewayRequest, GatewayStatement } from "./gateway-request.ts";

export type Result = {
  fields: pg.FieldDef[];
  rows: unknown[];
  command: string;
  rowCount: number | null;
  rowAsArray: boolean;
};

export type Sessions = {
  /**
   * Runs a batch as one transaction, or a single statement as it is. When `gone` aborts, what runs is cancelled,
   * what has not begun never does, and a batch is rolled back.
   * @throws pg.DatabaseError | ProtocolError (507 when the rows exceed `maxBytes`) | Error when Postgres is unreachable
   */
  run(request: GatewayRequest, gone: AbortSignal): Promise<Result[]>;
  close(): Promise<void>;
};

export type SessionOptions = {
  connectionString: string;
  connections: number;
  canCancel: boolean;
  /** Most bytes of cells in one answer. */
  maxBytes: number;
};

/**
 * Undoes whatever a statement may have left in the session. DISCARD ALL would do it too, but also throws away
 * the plans that functions have cached.
 */
const CLEAN = `reset session authorization; reset role; reset all; deallocate all; close all; unlisten *;
  select pg_advisory_unlock_all(); discard temp; discard sequences`;

/** Members of `pg` that its types leave out. */
type Client = pg.PoolClient & { processID?: number };
type Query = pg.QueryConfig & { rowMode?: "array"; queryMode: "extended" };

async function cancel(client: Client, connectionString: string): Promise<void> {
  const other = new pg.Client({ connectionString });
  other.on("error", () => undefined);
  try {
    await other.connect();
    await other.query("select pg_cancel_backend($1)", [client.processID]);
  } catch {
    // The statement then runs to its end, as it would have without us.
  } finally {
    await other.end().catch(() => undefined);
  }
}

/** Leaves the session as if nobody had used it; rejects when the connection is beyond that. */
async function tidy(client: pg.PoolClient): Promise<void> {
  if (client.getTransactionStatus() !== "I") await client.query("rollback");
  await client.query(CLEAN);
}

async function execute(
  client: pg.PoolClient,
  request: GatewayRequest,
  gone: AbortSignal,
  maxBytes: number,
): Promise<Result[]> {
  let bytes = 0;
  const counted = (parse: (text: string) => unknown) => (text: string) => {
    bytes += text.length;
    // Thrown inside `pg`, which then drops the remaining rows instead of piling them up.
    if (bytes > maxBytes) throw new ProtocolError(507, `response is too large (max is ${maxBytes} bytes)`);
    return parse(text);
  };
  const raw = counted((text) => text);
  const types = { getTypeParser: (oid: number) => (request.rawText ? raw : counted(jsonParser(oid))) };
  const one = async ({ text, values, arrayMode }: GatewayStatement): Promise<Result> => {
    if (gone.aborted) throw new ProtocolError(500, "The caller went away");
    const query: Query = {
      text,
      values,
      // The simple protocol would accept several statements in one string, which Neon refuses.
      queryMode: "extended",
      types: types as pg.CustomTypesConfig,
      ...(arrayMode ? { rowMode: "array" } : {}),
    };
    const { fields, rows, command, rowCount } = await client.query<Record<string, unknown>>(query);
    return { fields, rows, command, rowCount, rowAsArray: arrayMode };
  };

  const results: Result[] = [];
  if (request.batch) await client.query(request.begin);
  try {
    for (const statement of request.statements) results.push(await one(statement));
    if (request.batch) await client.query("commit");
    return results;
  } catch (thrown) {
    if (request.batch) await client.query("rollback").catch(() => undefined);
    throw thrown;
  }
}

export function startSessions(options: SessionOptions): Sessions {
  const { connectionString } = options;
  const pool = new pg.Pool({ connectionString, max: options.connections, idleTimeoutMillis: 0 });
  // A connection that Postgres closes fails the statement that runs on it, if any, and is replaced at the next one.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const clean = new WeakSet<pg.PoolClient>();

  return {
    async run(request, gone) {
      const client = await pool.connect();
      let cancelling: Promise<void> | undefined;
      const stop = () => {
        cancelling = cancel(client, connectionString);
      };
      try {
        if (gone.aborted) throw new ProtocolError(500, "The caller went away");
        if (!clean.has(client)) await client.query(CLEAN);
        clean.delete(client);
        if (options.canCancel) gone.addEventListener("abort", stop, { once: true });
        return await execute(client, request, gone, options.maxBytes);
      } finally {
        gone.removeEventListener("abort", stop);
        // A late cancel must not hit the next caller's statement.
        await cancelling;
        tidy(client).then(
          () => {
            clean.add(client);
            client.release();
          },
          () => client.release(true),
        );
      }
    },
    close: () => pool.end(),
  };
}
