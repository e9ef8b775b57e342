/** The gateway as Neon's driver, Drizzle and a stranger meet it; in Node, in front of the embedded Postgres. */
import { NeonDbError, type NeonQueryFunction, neon, neonConfig } from "@neondatabase/serverless";
import { sql as statement } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LocalDatabase, startDatabase } from "../../src/dev/database.ts";

let database: LocalDatabase;
let sql: NeonQueryFunction<false, false>;

beforeAll(async () => {
  database = await startDatabase();
  neonConfig.fetchEndpoint = () => database.endpoint;
  sql = neon(database.databaseUrl);
  await sql`create table notes (id int primary key, body text not null unique check (body <> 'forbidden'))`;
});

afterAll(() => database?.close());

/** A request as the driver sends it, with anything replaced. */
async function post(
  body: unknown,
  {
    headers = {},
    url = database.databaseUrl,
    signal,
  }: { headers?: object; url?: string; signal?: AbortSignal } = {},
) {
  const response = await fetch(database.endpoint, {
    method: "POST",
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      "neon-connection-string": url,
      "neon-raw-text-output": "true",
      "neon-array-mode": "true",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const notes = async () => (await sql`select id from notes order by id`).map((row) => row.id);

async function failureOf(work: Promise<unknown>): Promise<NeonDbError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(NeonDbError);
  return thrown as NeonDbError;
}

describe("a single statement", () => {
  test("gives the driver values of every kind it knows", async () => {
    const [row] = await sql`select ${7}::int as n, ${null}::text as nothing, ${{ a: [1] }}::jsonb as json,
      ${["x,y", 'q"', null]}::text[] as texts, 12345678901234567890::numeric as big, true as yes,
      ${new Date("2026-11-21T02:22:00Z")}::timestamptz as moment, ${Buffer.from([1, 255])} as bytes`;
    expect(row).toMatchObject({
      n: 7,
      nothing: null,
      json: { a: [1] },
      texts: ["x,y", 'q"', null],
      big: "12345678901234567890",
      yes: true,
      moment: new Date("2026-11-21T02:22:00Z"),
    });
    expect([...(row?.bytes ?? [])]).toEqual([1, 255]);
  });

  test("comes back as Postgres text with its columns described", async () => {
    const { status, body } = await post({ query: "select 1.50::float8 as a, null as b, '[1,2]'::json as c" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      command: "SELECT",
      rowCount: 1,
      rowAsArray: true,
      rows: [["1.5", null, "[1,2]"]],
    });
    expect(body.fields[0]).toEqual({
      name: "a",
      dataTypeID: 701,
      tableID: 0,
      columnID: 0,
      dataTypeSize: 8,
      dataTypeModifier: -1,
      format: "text",
    });
  });

  test("says how many rows it changed", async () => {
    const { body } = await post({ query: "insert into notes values (1, 'a'), (2, 'b')" });
    expect(body).toMatchObject({ command: "INSERT", rowCount: 2, rows: [] });
    expect((await post({ query: "delete from notes" })).body).toMatchObject({
      command: "DELETE",
      rowCount: 2,
    });
  });

  test("gives JSON values and objects to a caller that asks for neither raw text nor arrays", async () => {
    const { body } = await post(
      {
        query: `select 1::int2 as a, 2::int8 as b, 'NaN'::float4 as c, '{"x":[1]}'::jsonb as d, true as e,
          array[[1,2],[3,null]] as f, array['a b','{'] as g, array[1.5::float8] as h, now()::date > '2000-01-01' as i`,
      },
      { headers: { "neon-raw-text-output": "false", "neon-array-mode": "false" } },
    );
    expect(body.rowAsArray).toBe(false);
    expect(body.rows).toEqual([
      {
        a: 1,
        b: "2",
        c: "NaN",
        d: { x: [1] },
        e: true,
        f: [
          [1, 2],
          [3, null],
        ],
        g: ["a b", "{"],
        h: [1.5],
        i: true,
      },
    ]);
  });

  test("takes parameters that are JSON instead of text", async () => {
    const { body } = await post({
      query: "select $1::int + 1, $2::bool, $3::jsonb, $4::text[], $5::int[], $6::text",
      params: [41, true, { a: 1 }, ["x", 'a"b\\', null], [[1], [2]], null],
    });
    expect(body.rows).toEqual([["42", "t", '{"a": 1}', '{x,"a\\"b\\\\",NULL}', "{{1},{2}}", null]]);
  });

  test("is one statement: a second one in the same text is refused, as on Neon", async () => {
    const error = await failureOf(sql.query("select 1; select 2"));
    expect(error.code).toBe("42601");
  });
});

describe("a batch", () => {
  test("is one transaction: the first error undoes what came before it", async () => {
    const error = await failureOf(
      sql.transaction([
        sql`insert into notes values (10, 'ten')`,
        sql`insert into notes values (10, 'again')`,
      ]),
    );
    expect(error).toMatchObject({
      code: "23505",
      constraint: "notes_pkey",
      table: "notes",
      schema: "public",
    });
    expect(await notes()).toEqual([]);
  });

  test("lets each query choose arrays or objects", async () => {
    const { body } = await post({
      queries: [
        { query: "select 1 as a", arrayMode: false },
        { query: "select 2 as a", arrayMode: true },
        { query: "select 3 as a" },
      ],
    });
    expect(body.results.map((result: any) => [result.rowAsArray, result.rows])).toEqual([
      [false, [{ a: "1" }]],
      [true, [["2"]]],
      [true, [["3"]]],
    ]);
  });

  test("runs with the isolation it asks for, and the answer says so", async () => {
    const { status, headers, body } = await post(
      {
        queries: [
          { query: "show transaction_isolation" },
          { query: "show transaction_read_only" },
          { query: "show transaction_deferrable" },
        ],
      },
      {
        headers: {
          "neon-batch-isolation-level": "Serializable",
          "neon-batch-read-only": "true",
          "neon-batch-deferrable": "true",
        },
      },
    );
    expect(status).toBe(200);
    expect(body.results.map((result: any) => result.rows[0][0])).toEqual(["serializable", "on", "on"]);
    expect(headers.get("neon-batch-isolation-level")).toBe("Serializable");
    expect(headers.get("neon-batch-read-only")).toBe("true");
    expect(headers.get("neon-batch-deferrable")).toBe("true");
  });

  test("cannot write when the driver asked for read only", async () => {
    const write = sql.transaction([sql`insert into notes values (11, 'eleven')`], { readOnly: true });
    expect((await failureOf(write)).code).toBe("25006");
  });

  test("with an unknown isolation level is refused", async () => {
    const { status, body } = await post(
      { queries: [{ query: "select 1" }] },
      { headers: { "neon-batch-isolation-level": "Chaos" } },
    );
    expect(status).toBe(400);
    expect(body.message).toBe("invalid isolation level");
  });

  test("may be empty", async () => {
    expect((await post({ queries: [] })).body).toEqual({ results: [] });
  });

  test("never mixes with what others run at the same time", async () => {
    const turns = Array.from({ length: 20 }, (_, turn) =>
      sql.transaction([
        sql`select set_config('app.turn', ${String(turn)}, true)`,
        sql`select pg_sleep(0.005)`,
        sql`select current_setting('app.turn') as turn`,
      ]),
    );
    const between = Array.from({ length: 20 }, () => sql`select current_setting('app.turn', true) as turn`);
    const [batches, singles] = await Promise.all([Promise.all(turns), Promise.all(between)]);
    expect(batches.map((results) => results[2]?.[0]?.turn)).toEqual(turns.map((_, turn) => String(turn)));
    expect(singles.every(([row]) => !row?.turn)).toBe(true);
  });
});

describe("what a caller leaves behind is gone before the next one comes", () => {
  test.each([
    ["a role", "set role pg_monitor", "select current_user", "postgres"],
    [
      "a setting",
      "select set_config('app.leak', 'x', false)",
      "select coalesce(current_setting('app.leak', true), '')",
      "",
    ],
    [
      "an open transaction",
      "begin isolation level serializable",
      "show transaction_isolation",
      "read committed",
    ],
    [
      "a prepared statement",
      "prepare leak as select 1",
      "select count(*) from pg_prepared_statements where name = 'leak'",
      "0",
    ],
    [
      "a temporary table",
      "create temp table leak (a int)",
      "select to_regclass('pg_temp.leak') is null",
      "t",
    ],
    [
      "a session lock",
      "select pg_advisory_lock(7)",
      "select count(*) from pg_locks where locktype = 'advisory'",
      "0",
    ],
    ["a failed transaction", "select * from nowhere", "select 1", "1"],
  ])("%s", async (_, leave, look, nothing) => {
    await post({ query: leave });
    const { body } = await post({ query: look });
    expect(body.rows).toEqual([[nothing]]);
  });

  test("a role and settings of a batch end with it", async () => {
    await sql.transaction([
      sql`select set_config('role', 'pg_monitor', true), set_config('app.org_id', 'x', true)`,
    ]);
    const [row] = await sql`select current_user as who, current_setting('app.org_id', true) as org`;
    expect(row?.who).toBe("postgres");
    expect(row?.org || null).toBe(null);
  });
});

describe("when the caller goes away", () => {
  test("in the middle of a batch, the rest is not run and what was done is undone", async () => {
    // Sequences survive a rollback: they tell how far a batch came.
    await sql.transaction([sql`create sequence begun`, sql`create sequence finished`]);
    const called = async () =>
      (
        await sql`select (select is_called from begun) as begun, (select is_called from finished) as finished`
      )[0];
    await vi.waitFor(
      async () => {
        const sent = post(
          {
            queries: [
              { query: "insert into notes values (20 + nextval('begun')::int, 'half')" },
              { query: "select set_config('app.leak', 'x', false), pg_sleep(0.5)" },
              { query: "select nextval('finished')" },
            ],
          },
          { signal: AbortSignal.timeout(200) },
        );
        await expect(sent).rejects.toThrow(/abort/i);
        expect(await called()).toEqual({ begun: true, finished: false });
      },
      { timeout: 20_000 },
    );
    expect(await notes()).toEqual([]);
    expect(await sql`select coalesce(current_setting('app.leak', true), '') as leak`).toEqual([{ leak: "" }]);
  });

  test("before its turn has come, its statement is not run", async () => {
    const slow = post({ query: "select pg_sleep(0.5)" });
    const waiting = Array.from({ length: 5 }, (_, at) =>
      post(
        { query: `insert into notes values (${30 + at}, 'note ${at}')` },
        { signal: AbortSignal.timeout(200) },
      ),
    );
    const outcomes = await Promise.allSettled(waiting);
    await slow;
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    expect(await notes()).toEqual([]);
  });
});

describe("limits", () => {
  test("a request over 10 MiB is refused and nothing of it is run", async () => {
    const { status, body } = await post({
      query: "insert into notes values (40, $1)",
      params: ["x".repeat(10 * 1024 * 1024)],
    });
    expect(status).toBe(413);
    expect(body.message).toMatch(/request is too large/);
    expect(await notes()).toEqual([]);
  });

  test("9 MiB go through in both directions", async () => {
    const text = "ü".repeat(4.5 * 1024 * 1024);
    const [row] = await sql`select ${text}::text as back`;
    expect(row?.back === text).toBe(true);
  });

  test("an answer over 10 MiB is 507 and its batch is undone", async () => {
    const { status, body } = await post({
      queries: [
        { query: "insert into notes values (41, 'written')" },
        { query: "select repeat('x', 1024 * 1024) from generate_series(1, 11)" },
      ],
    });
    expect(status).toBe(507);
    expect(body.message).toMatch(/response is too large/);
    expect(await notes()).toEqual([]);
  });
});

describe("a stranger", () => {
  test("with another password is refused, whatever the user name", async () => {
    const url = new URL(database.databaseUrl);
    url.password = "guess";
    const { status, body } = await post({ query: "select 1" }, { url: url.href });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "28P01", message: "password authentication failed" });
  });

  test("without a connection string is refused", async () => {
    const response = await fetch(database.endpoint, { method: "POST", body: '{"query":"select 1"}' });
    expect(response.status).toBe(400);
  });

  test("gets no leave from the browser to send one from a web page", async () => {
    const preflight = await fetch(database.endpoint, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-headers": "neon-connection-string" },
    });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(null);
  });

  test("finds only /sql", async () => {
    const response = await fetch(database.endpoint.replace("/sql", "/"), { method: "POST" });
    expect(response.status).toBe(404);
  });
});

describe("errors", () => {
  test("carry every field of the Postgres error, null where there is none", async () => {
    const { status, body } = await post({ query: "select * from nowhere" });
    expect(status).toBe(400);
    expect(body).toEqual({
      message: 'relation "nowhere" does not exist',
      code: "42P01",
      severity: "ERROR",
      detail: null,
      hint: null,
      position: "15",
      internalPosition: null,
      internalQuery: null,
      where: null,
      schema: null,
      table: null,
      column: null,
      dataType: null,
      constraint: null,
      file: "parse_relation.c",
      line: expect.stringMatching(/^\d+$/),
      routine: "parserOpenTable",
    });
  });

  test.each([
    ["no JSON", "select 1"],
    ["neither query nor queries", "{}"],
    ["params that are no list", '{"query":"select 1","params":{}}'],
  ])("a body with %s is 400", async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  test("too few parameters are the statement's error, and the session goes on", async () => {
    expect((await failureOf(sql.query("select $1::int, $2::int", [1]))).code).toBe("08P01");
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("raised by our own functions keep their SQLSTATE", async () => {
    await sql`create or replace function refuse() returns void language plpgsql as
      $$ begin raise exception 'account_inactive' using errcode = '28000'; end $$`;
    expect(await failureOf(sql`select refuse()`)).toMatchObject({
      code: "28000",
      message: "account_inactive",
    });
  });
});

test("Drizzle's batch is one transaction and its rows are typed", async () => {
  const db = drizzle({ client: sql });
  const [, rows] = await db.batch([
    db.execute(statement`select set_config('app.who', 'drizzle', true)`),
    db.execute<{ who: string }>(statement`select current_setting('app.who') as who`),
  ]);
  expect(rows.rows).toEqual([{ who: "drizzle" }]);
  await expect(
    db.batch([
      db.execute(statement`insert into notes values (50, 'fifty')`),
      db.execute(statement`insert into notes values (51, 'forbidden')`),
    ]),
  ).rejects.toThrow();
  expect(await notes()).toEqual([]);
});

test("500 statements at once are all answered", async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => sql`select ${n}::int as n`));
  expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test("a Postgres that cannot be reached is a server error without a SQLSTATE", async () => {
  const elsewhere = await startDatabase({ databaseUrl: "postgres://nobody:x@127.0.0.1:1/none" });
  try {
    const response = await fetch(elsewhere.endpoint, {
      method: "POST",
      headers: { "neon-connection-string": elsewhere.databaseUrl },
      body: '{"query":"select 1"}',
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: null,
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  } finally {
    await elsewhere.close();
  }
});
