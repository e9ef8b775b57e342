import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { sweepTelemetry } from "../../src/domain/telemetry/sweep.ts";
import { aesSealer } from "../../src/infra/sealing/aes.ts";
import { type Answer, call, expectStatus, type Person, register } from "../support/api.ts";
import { connectLogs, linesOf, newLogs } from "../support/logs.ts";
import { baseCtx, colleague } from "../support/people.ts";

const ask = (person: Person, method: string, path: string, json?: unknown) =>
  call(method, `/api/v1/logs${path}`, { token: person.token, ...(json === undefined ? {} : { json }) });
const search = (person: Person, json: unknown = {}) => ask(person, "POST", "/search", json);
const linesIn = ({ text }: Answer): any[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** An organization with a log server that answers this. */
async function connected(script: Parameters<typeof newLogs>[0], more: object = {}) {
  const [admin, logs] = [await register(), await newLogs()];
  await connectLogs(admin, logs, more);
  await logs.will(script ?? {});
  return { admin, logs };
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expectStatus(answer, status);
  expect(answer.body.code).toBe(code);
}

describe("a log server", () => {
  test("is connected by its address, and neither that nor its key is ever shown again", async () => {
    const [admin, logs] = [await register(), await newLogs()];
    const url = `${logs.url}?key=in-the-address`;
    const answer = await ask(admin, "PUT", "/connection", {
      url,
      bearer: "s3cret-bearer",
      headers: { "X-Scope": "s3cret-scope" },
    });
    expectStatus(answer, 200);
    expect(answer.body.connection).toMatchObject({
      origin: new URL(url).origin,
      headers: ["authorization", "x-scope"],
      tool: "search_logs",
      arguments: {
        query: "query",
        from: "from",
        to: "to",
        limit: "limit",
        severity: "severity",
        times: "rfc3339",
      },
      redaction: { built_in: ["email", "bearer", "api_key", "card"], rules: [] },
    });
    const read = await ask(admin, "GET", "/connection");
    expect(read.body).toEqual(answer.body);
    const audit = await call("GET", "/api/v1/audit?action=telemetry.connected", { token: admin.token });
    expect(audit.body.data[0]).toMatchObject({
      detail: { tool: "search_logs" },
      target: { type: "log_server" },
    });
    const { rows } = await baseCtx().ports.db.execute(
      sql`select row_to_json(c)::text as row from kalamna.log_connections c where org_id = ${admin.orgId}`,
    );
    for (const text of [answer.text, read.text, audit.text, String(rows[0]?.row)]) {
      expect(text).not.toMatch(/s3cret|in-the-address/);
    }
    const [request] = await logs.seen();
    expect(request?.headers).toMatchObject({
      authorization: "Bearer s3cret-bearer",
      "x-scope": "s3cret-scope",
    });
  });

  test("keeps its address and key when only the rules change, and takes no key for an address it is not told", async () => {
    const { admin, logs } = await connected({}, { bearer: "s3cret-bearer" });
    const rules = [{ name: "customer", pattern: "cus_[0-9]+" }];
    expectStatus(await ask(admin, "PUT", "/connection", { redaction: { built_in: [], rules } }), 200);
    const { headers } = (await logs.seen()).at(-1)!;
    expect(headers.authorization).toBe("Bearer s3cret-bearer");
    expectProblem(await ask(admin, "PUT", "/connection", { bearer: "other" }), 400, "invalid_request");
    const elsewhere = await newLogs();
    await connectLogs(admin, elsewhere);
    expect((await elsewhere.seen()).at(-1)?.headers.authorization).toBeUndefined();
  });

  test("that does not have the tool says which it has", async () => {
    const [admin, logs] = [await register(), await newLogs({ tool: "query_loki_logs" })];
    const answer = await ask(admin, "PUT", "/connection", { url: logs.url });
    expectProblem(answer, 409, "telemetry_tool_missing");
    expect(answer.body.tools).toEqual(["query_loki_logs"]);
    await connectLogs(admin, logs, { tool: "query_loki_logs" });
  });

  test("that does not tell which argument takes the query is connected when it is said", async () => {
    const [admin, logs] = [await register(), await newLogs({ argument: "what" })];
    const answer = await ask(admin, "PUT", "/connection", { url: logs.url });
    expectProblem(answer, 400, "invalid_request");
    expect(answer.body.errors).toMatchObject([{ path: "arguments.query" }]);
    await connectLogs(admin, logs, { arguments: { query: "what" } });
  });

  test("is not connected before somebody connects it, and not after somebody disconnects it", async () => {
    const { admin } = await connected({});
    expectStatus(await ask(admin, "DELETE", "/connection"), 200);
    expectProblem(await ask(admin, "DELETE", "/connection"), 404, "not_found");
    expect((await ask(admin, "GET", "/connection")).body).toEqual({ connection: null });
    expectProblem(await ask(admin, "GET", "/tools"), 409, "telemetry_not_connected");
    expectProblem(await search(admin), 409, "telemetry_not_connected");
  });

  test("is for internal administrators only", async () => {
    const { admin } = await connected(linesOf({ message: "Only for us." }));
    const others = await Promise.all([
      colleague(admin, "member"),
      colleague(admin, "viewer"),
      colleague(admin, "admin", "external"),
    ]);
    for (const person of others) {
      for (const answer of [
        await search(person),
        await ask(person, "GET", "/connection"),
        await ask(person, "GET", "/tools"),
      ]) {
        expectProblem(answer, 403, "forbidden");
      }
    }
    expect(linesIn(await search(await colleague(admin, "admin")))).toHaveLength(1);
  });

  test("of another organization is not searched", async () => {
    const ours = await connected(linesOf({ message: "Ours." }));
    const theirs = await connected(linesOf({ message: "Theirs." }));
    expect(linesIn(await search(ours.admin)).map(({ message }) => message)).toEqual(["Ours."]);
    expect(linesIn(await search(theirs.admin)).map(({ message }) => message)).toEqual(["Theirs."]);
  });

  test("is sealed again when the key changes, and still opens", async () => {
    const { admin } = await connected(linesOf({ message: "Still here." }));
    const base = baseCtx();
    const secret = (letter: string) => letter.repeat(32);
    const old = { kid: "data-1", secret: "abcdef0123456789abcdef0123456789" };
    const sealer = aesSealer([{ kid: "data-3", secret: secret("c") }, old]);
    const swept = await sweepTelemetry({ ...base, ports: { ...base.ports, sealer } });
    expect(swept.log_servers_resealed).toBeGreaterThan(0);
    const { rows } = await base.ports.db.execute(
      sql`select server from kalamna.log_connections where org_id = ${admin.orgId}`,
    );
    expect(rows[0]?.server).toMatch(/^v1:data-3:/);
    // And back, with the ring of everybody else.
    const back = aesSealer([old, { kid: "data-3", secret: secret("c") }]);
    await sweepTelemetry({ ...base, ports: { ...base.ports, sealer: back } });
    expect(linesIn(await search(admin))).toHaveLength(1);
  });
});

describe("a search", () => {
  test("asks the tool in its own words, and shows its lines in ours, newest first", async () => {
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const [began, broke] = [at(9), at(1)];
    const { admin, logs } = await connected({
      structured: {
        lines: [
          { time: began, level: "info", msg: "It began.", http: { status: 200, route: "/search" } },
          { "@timestamp": broke, severity: "ERROR", message: "It broke.", trace_id: "abc" },
        ],
      },
    });
    const [from, to] = [at(30), at(0)];
    const answer = await search(admin, {
      query: 'route:"/search" AND status:[500 TO 599]',
      from,
      to,
      limit: 7,
      severity: "info",
    });
    expectStatus(answer, 200);
    expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
    expect(await logs.asked()).toEqual({
      query: 'route:"/search" AND status:[500 TO 599]',
      from,
      to,
      limit: 7,
      severity: "info",
    });
    expect(linesIn(answer)).toEqual([
      { time: broke, severity: "error", message: "It broke.", attributes: { trace_id: "abc" } },
      {
        time: began,
        severity: "info",
        message: "It began.",
        attributes: { "http.status": 200, "http.route": "/search" },
      },
    ]);
  });

  test("leaves out what is less bad than asked for, and what is from another time, should the tool not", async () => {
    const { admin } = await connected(
      linesOf(
        { level: "debug", message: "Noise." },
        { level: 50, message: "Bad." },
        { level: "fatal", message: "Worse." },
        { message: "Nobody knows." },
        { level: "error", message: "Long ago.", time: "2001-01-01T00:00:00Z" },
      ),
    );
    const lines = linesIn(await search(admin, { severity: "error" }));
    expect(lines.map(({ message }) => message).sort()).toEqual(["Bad.", "Nobody knows.", "Worse."]);
  });

  test("needs a beginning before its end", async () => {
    const { admin } = await connected({});
    const [from, to] = ["2026-11-30T10:00:00Z", "2026-11-30T09:00:00Z"];
    expectProblem(await search(admin, { from, to }), 400, "invalid_request");
  });

  test.each(["modern", "stream", "sessions"] as const)(
    "reaches a server of the official SDK that speaks: %s",
    async (does) => {
      const { admin, logs } = await connected({ does, ...linesOf({ message: "Hello." }) });
      expect(linesIn(await search(admin)).map(({ message }) => message)).toEqual(["Hello."]);
      const tools = await ask(admin, "GET", "/tools");
      expectStatus(tools, 200);
      expect(tools.body.data[0]).toMatchObject({
        name: "search_logs",
        in_use: true,
        input_schema: { type: "object" },
      });
      await connectLogs(admin, logs);
    },
  );

  test("says goodbye to a server with sessions", async () => {
    const { admin, logs } = await connected({ does: "sessions", ...linesOf({ message: "Hello." }) });
    await search(admin);
    await expect.poll(async () => (await logs.seen()).map(({ method }) => method)).toContain("DELETE");
    const greeted = (await logs.seen()).filter(({ headers }) => headers["mcp-session-id"]);
    expect(new Set(greeted.map(({ headers }) => headers["mcp-protocol-version"]))).toEqual(
      new Set(["2025-11-25"]),
    );
  });

  test.each([
    ["JSON", JSON.stringify([{ msg: "One." }, { msg: "Two." }])],
    [
      "JSON inside of JSON",
      JSON.stringify({
        hits: { hits: [{ _source: { message: "One." } }, { _source: { message: "Two." } }] },
      }),
    ],
    ["JSON lines", '{"message":"One."}\n{"message":"Two."}\n'],
    ["text", "One.\nTwo."],
  ])("understands a tool that answers in %s", async (_, text) => {
    const { admin } = await connected({ text });
    expect(linesIn(await search(admin)).map(({ message }) => message)).toEqual(["One.", "Two."]);
  });

  test("shows neither secrets nor people, by what is built in and by the organization's own rules", async () => {
    const { admin } = await connected(
      linesOf({
        message:
          "ada@acme.example paid with 4111 1111 1111 1111 for cus_42, authorization: Bearer abcdefgh12345678, key sk-live-abcdefghijklmnop1234",
        password: "hunter2",
        user: { email: "ada@acme.example" },
        order: "4111111111111112",
      }),
      { redaction: { rules: [{ name: "customer", pattern: "cus_[0-9]+" }] } },
    );
    const [line] = linesIn(await search(admin));
    expect(line.message).toBe(
      "[e-mail] paid with [card] for [customer], authorization: Bearer [token], key [key]",
    );
    expect(line.attributes).toEqual({
      password: "[key]",
      "user.email": "[e-mail]",
      order: "4111111111111112",
    });
  });

  test("shows how long a password took, and how many tokens there were, and never a number that is a secret", async () => {
    const attributes = {
      step_ms: { password: 42.5, total: "hunter2 took long" },
      counts: { token: 3, secret: "hunter2" },
      pin: { password: 8461 },
    };
    const { admin } = await connected(linesOf({ message: "Signed in.", ...attributes }));
    const [line] = linesIn(await search(admin));
    expect(line.attributes).toEqual({
      "step_ms.password": 42.5,
      "step_ms.total": "hunter2 took long",
      "counts.token": 3,
      "counts.secret": "[key]",
      "pin.password": "[key]",
    });
  });

  test("is not held up by a rule that would take other engines for ever", async () => {
    const { admin } = await connected(linesOf({ message: `${"a".repeat(4_000)}!` }), {
      redaction: { rules: [{ name: "evil", pattern: "(a+)+$" }] },
    });
    const from = performance.now();
    expectStatus(await search(admin), 200);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  test.each([
    ["is no pattern", "(("],
    ["looks behind itself", "(a)\\1"],
    ["matches nothing", "x*"],
    ["is too long", "x".repeat(201)],
  ])("takes no rule whose pattern %s", async (_, pattern) => {
    const [admin, logs] = [await register(), await newLogs()];
    const json = { url: logs.url, redaction: { rules: [{ name: "bad", pattern }] } };
    expectProblem(await ask(admin, "PUT", "/connection", json), 400, "invalid_request");
  });
});

describe("a log server that misbehaves is a failure with a name:", () => {
  test.each([
    ["garbage", { does: "garbage" }, 502, "telemetry_failed"],
    ["an answer beyond all measure", { does: "huge" }, 502, "telemetry_too_large"],
    ["a wrong key", { status: 401 }, 502, "telemetry_refused"],
    ["a key that may not", { status: 403 }, 502, "telemetry_refused"],
    ["an error of its own", { status: 500 }, 502, "telemetry_failed"],
    ["a path that is none", { status: 404 }, 502, "telemetry_failed"],
    [
      "a redirect into a private network",
      { status: 302, location: "http://10.0.0.1/mcp" },
      502,
      "telemetry_failed",
    ],
    [
      "a redirect to this machine",
      { status: 307, location: "http://127.0.0.1:9/mcp" },
      502,
      "telemetry_failed",
    ],
    ["a tool that is gone", { tool: "another" }, 409, "telemetry_tool_missing"],
    [
      "a tool that fails",
      { isError: true, text: "Unknown field, says ada@acme.example" },
      502,
      "telemetry_tool_failed",
    ],
  ] as const)("%s", async (_, script, status, code) => {
    const { admin, logs } = await connected(script);
    const before = (await logs.seen()).length;
    const answer = await search(admin);
    expectProblem(answer, status, code);
    expect(answer.text).not.toContain("ada@acme.example");
    expect((await logs.seen()).length - before).toBeLessThan(4);
  });

  test.each([
    ["10.0.0.1", "http://10.0.0.1/mcp"],
    ["metadata", "https://169.254.169.254/mcp"],
    ["plain http", "http://logs.example.com/mcp"],
  ])("an address that is not public is not asked: %s", async (_, url) => {
    expectProblem(await ask(await register(), "PUT", "/connection", { url }), 422, "url_refused");
  });

  test.each(["host", "content-type", "mcp-session-id", "bad name"])(
    "the header %s is not the caller's to set",
    async (name) => {
      const json = { url: "https://logs.example.com/", headers: { [name]: "x" } };
      expectProblem(await ask(await register(), "PUT", "/connection", json), 400, "invalid_request");
    },
  );
});
