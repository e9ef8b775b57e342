/** Golden questions and runs over them, as an admin and software in CI meet them. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { sweepEvals } from "../../src/domain/evals/sweep.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { apiKey } from "../support/credentials.ts";
import { keptMessage, messagesOf } from "../support/messages.ts";
import { baseCtx, colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";
import { queueAway, type Rig, rig } from "../support/rigged.ts";

const FERRY = "When does the morning ferry leave?";
const TIDE = "When is high tide on Sundays?";
const CUP = "Who won the world cup in 1998?";

type Harbour = { admin: Person; ferry: string; tide: string };
async function harbour(): Promise<Harbour> {
  const admin = await register("Harbour");
  const [ferry, tide] = await Promise.all([
    ready(admin, "ferry.md", "The morning ferry leaves the northern harbour at half past six.", {
      external_id: "ferry",
      access_level: "external",
    }),
    ready(admin, "tide.md", "High tide is at noon on Sundays.", { access_level: "internal" }),
  ]);
  return { admin, ferry, tide };
}
const evals = (token: string, method: string, path: string, json?: unknown) =>
  call(method, `/api/v1/evals${path}`, { token, ...(json === undefined ? {} : { json }) });
async function addCase({ token }: Person, json: object): Promise<any> {
  const answer = await evals(token, "POST", "/cases", json);
  expectStatus(answer, 201);
  return answer.body.case;
}
async function golden({ admin, tide }: Harbour): Promise<void> {
  await addCase(admin, { question: FERRY, external_ids: ["ferry"], facts: ["half past six", "at seven"] });
  await addCase(admin, { question: TIDE, document_ids: [tide], facts: ["It is at noon."], tags: ["tide"] });
  await addCase(admin, { question: CUP, answerable: false });
}
async function begin(token: string, json: object = {}): Promise<string> {
  const answer = await evals(token, "POST", "/run", json);
  expectStatus(answer, 202);
  expect(answer.headers.get("location")).toBe(`/api/v1/evals/runs/${answer.body.run.id}`);
  return answer.body.run.id;
}
/** The run and its results once it has ended. */
function ended(token: string, id: string): Promise<any> {
  return vi.waitUntil(
    async () => {
      const { body } = await evals(token, "GET", `/runs/${id}`);
      return body.run.status === "running" ? undefined : body;
    },
    { timeout: 20_000, interval: 50 },
  );
}
const questions = async (token: string, query = "") =>
  (await evals(token, "GET", `/cases${query}`)).body.data.map(({ question }: any) => question);

describe("a run", () => {
  let home: Harbour;
  beforeAll(async () => {
    home = await harbour();
    await golden(home);
  }, 60_000);

  test("asks every case and says how well documents were found, cited and refused", async () => {
    const { token } = home.admin;
    const { run, results } = await ended(token, await begin(token, { gate: { hit_at_5: 0.9, errors: 0 } }));
    expect(run).toMatchObject({ status: "done", progress: { done: 3, total: 3 }, failure: null });
    expect(run.figures).toEqual([
      expect.objectContaining({
        cases: 3,
        answerable: 2,
        taught: 0,
        hit_at_1: 1,
        hit_at_5: 1,
        mrr: 1,
        ndcg_at_10: 1,
        citation_precision: 1,
        citations_verified: 1,
        facts_found: 0.6667,
        right_refusals: 1,
        false_refusals: 0,
        errors: 0,
        tokens: 0,
        cost: 0,
      }),
    ]);
    expect(run.figures[0].latency_p95).toBeGreaterThanOrEqual(run.figures[0].latency_p50);
    expect(run.gate).toMatchObject({ passed: true, checks: [{ figure: "hit_at_5", got: 1, ok: true }, {}] });
    expect(results.map(({ asked }: any) => asked.question)).toEqual([FERRY, TIDE, CUP]);
    expect(results[0]).toMatchObject({
      status: "done",
      outcome: { rank: 1, documents: [home.ferry], facts: [true, false], refused: false },
      answer: expect.stringContaining("half past six"),
    });
    expect(results[2].outcome).toMatchObject({ rank: null, refused: true });
  });

  test("fails a gate that is not reached, or cannot be measured", async () => {
    const { token } = home.admin;
    const gate = { facts_found: 0.9, right_refusals: 0.5 };
    const { run } = await ended(token, await begin(token, { gate, tags: ["tide"] }));
    expect(run.gate).toEqual({
      passed: false,
      checks: [
        { figure: "facts_found", wanted: 0.9, got: 1, better: "more", ok: true },
        { figure: "right_refusals", wanted: 0.5, got: null, better: "more", ok: false },
      ],
    });
  });

  test("that takes long goes on in further messages, so that others get their turn", async () => {
    const bench = rig();
    const { token } = home.admin;
    const { body } = await bench.call("POST", "/api/v1/evals/run", { token, json: { kind: "search" } });
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"] });
    const embedder = bench.runtime.ports.embedders.default;
    const slow = offer({
      ...embedder,
      embed(texts, signal) {
        vi.setSystemTime(Date.now() + 30_000);
        return embedder.embed(texts, signal);
      },
    });
    let messages = 0;
    for (let job = bench.sent.shift(); job; job = bench.sent.shift(), messages++)
      await bench.deliver(job, { with: { embedders: slow } });
    vi.useRealTimers();
    expect(messages).toBeGreaterThan(2);
    const { run, results } = (await evals(token, "GET", `/runs/${body.run.id}`)).body;
    expect(run.status).toBe("done");
    expect(results.map(({ status }: any) => status)).toEqual(["done", "done", "done"]);
  });

  test("compares two configurations side by side, with and without an answer", async () => {
    const { token } = home.admin;
    const configurations = [
      { name: "all" },
      { name: "tides only", filters: { type: "eq", key: "document.id", value: home.tide } },
    ];
    const { run, results } = await ended(token, await begin(token, { kind: "search", configurations }));
    expect(run.figures.map(({ hit_at_1, cases }: any) => [hit_at_1, cases])).toEqual([
      [1, 3],
      [0.5, 3],
    ]);
    expect(results.map(({ configuration }: any) => configuration)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(results.every(({ answer }: any) => answer === null)).toBe(true);
    const csv = await evals(token, "GET", `/runs/${run.id}?format=csv`);
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.text.trim().split("\r\n")).toHaveLength(7);
  });

  test("counts against the quotas, and never among people's questions", async () => {
    const { admin } = home;
    const usage = async () =>
      (await call("GET", "/api/v1/usage", { token: admin.token })).body.questions.used;
    const before = await usage();
    await ended(admin.token, await begin(admin.token));
    await vi.waitUntil(async () => (await usage()) === before + 3);
    const { body } = await call("GET", "/api/v1/analytics/summary", { token: admin.token });
    expect(body.figures.questions).toBe(0);
    expect(await messagesOf(admin.orgId)).toEqual([]);
  });

  test("forgets what it was told from a document that is deleted", async () => {
    const other = await harbour();
    await golden(other);
    const { token } = other.admin;
    const { run } = await ended(token, await begin(token));
    expectStatus(await call("DELETE", `/api/v1/documents/${other.ferry}`, { token }), 200);
    const { results } = await ended(token, run.id);
    expect(results.map(({ answer }: any) => answer === null)).toEqual([true, false, false]);
    const { rows } = await baseCtx().ports.db.execute(
      sql`select answer from kalamna.eval_results where run_id = ${run.id} order by ordinal`,
    );
    expect(rows[0]).toEqual({ answer: null });
  });

  test("does not ask what nothing answers any more, and says how many that are", async () => {
    const other = await harbour();
    await golden(other);
    const { token } = other.admin;
    const made = await addCase(other.admin, {
      question: "Is it deep?",
      document_ids: [other.tide, other.ferry],
    });
    expectStatus(await call("DELETE", `/api/v1/documents/${other.tide}`, { token }), 200);
    // What it names it may go on naming, as a form does that is opened and saved.
    const saved = { note: "Ask the pilot.", document_ids: made.document_ids };
    expectStatus(await evals(token, "PATCH", `/cases/${made.id}`, saved), 200);
    expectStatus(await evals(token, "DELETE", `/cases/${made.id}`), 200);
    const { run, results } = await ended(token, await begin(token));
    expect(run.figures[0]).toMatchObject({
      cases: 3,
      gone: 1,
      answerable: 1,
      hit_at_1: 1,
      false_refusals: 0,
    });
    expect(results[1]).toMatchObject({ outcome: { gone: true, rank: null }, answer: null });
    expect(results.map(({ outcome }: any) => outcome.gone)).toEqual([undefined, true, undefined]);
  });

  test("needs a case", async () => {
    const answer = await evals((await register()).token, "POST", "/run", {});
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("no_cases");
  });

  test.each([
    { configurations: [] },
    { configurations: [{}, {}, {}] },
    { configurations: [{ top_k: 0 }] },
    { configurations: [{ query: "x" }] },
    { gate: { fame: 1 } },
    { gate: { hit_at_5: -1 } },
    { kind: "guess" },
  ])("is refused: %j", async (json) =>
    expectStatus(await evals(home.admin.token, "POST", "/run", json), 400),
  );

  test("is listed, and deleted with its results", async () => {
    const { token } = home.admin;
    const id = await begin(token, { kind: "search", name: "short" });
    await ended(token, id);
    const { body } = await evals(token, "GET", "/runs?limit=1");
    expect(body.data).toMatchObject([{ id, name: "short", status: "done" }]);
    expectStatus(await evals(token, "DELETE", `/runs/${id}`), 200);
    expectStatus(await evals(token, "GET", `/runs/${id}`), 404);
  });
});

describe("the work on a run", () => {
  let home: Harbour;
  let bench: Rig;
  beforeAll(async () => {
    home = await harbour();
    await golden(home);
    bench = rig();
  }, 60_000);
  const start = async (json: object = {}, token = home.admin.token) => {
    bench.sent.length = 0;
    const answer = await bench.call("POST", "/api/v1/evals/run", { token, json });
    expectStatus(answer, 202);
    return answer.body.run.id as string;
  };
  const look = async (id: string, token = home.admin.token) =>
    (await evals(token, "GET", `/runs/${id}`)).body.run;

  test("is done once, however often its message comes", async () => {
    const id = await start({ kind: "search" });
    const [job] = bench.sent;
    await Promise.all([bench.deliver(job), bench.deliver(job)]);
    await bench.deliver(job);
    await bench.drain();
    expect(await look(id)).toMatchObject({ status: "done", progress: { done: 3, total: 3 } });
  });

  test("whose message was lost, or whose consumer died, is found by the sweeper", async () => {
    const id = await start({ kind: "search" });
    const [lost] = bench.sent.splice(0);
    const set = (change: ReturnType<typeof sql>) =>
      baseCtx().ports.db.execute(sql`update kalamna.eval_runs set ${change} where id = ${id}`);
    await set(sql`lease_until = now() + interval '1 minute'`);
    await bench.deliver(lost);
    expect(await look(id)).toMatchObject({ progress: { done: 0 } });
    await set(sql`lease_until = now() - interval '1 second', run_after = now() - interval '1 second'`);
    await sweepEvals({ ...baseCtx(), ports: bench.runtime.ports });
    expect(bench.sent).toContainEqual({ ...lost!, request_id: expect.any(String) });
    await bench.drain();
    expect(await look(id)).toMatchObject({ status: "done" });
  });

  test("whose message cannot be sent is found by the sweeper: the run was begun all the same", async () => {
    const { runtime } = bench;
    const away = appWith(() => ({ ...runtime, ports: { ...runtime.ports, jobs: queueAway } }));
    const { token } = home.admin;
    const answer = await away.call("POST", "/api/v1/evals/run", { token, json: { kind: "search" } });
    expectStatus(answer, 202);
    const { id } = answer.body.run;
    await baseCtx().ports.db.execute(
      sql`update kalamna.eval_runs set run_after = now() - interval '1 second' where id = ${id}`,
    );
    await sweepEvals({ ...baseCtx(), ports: runtime.ports });
    await bench.drain();
    expect(await look(id)).toMatchObject({ status: "done", progress: { done: 3, total: 3 } });
  });

  test("stops when it is called off, and keeps what was asked", async () => {
    const { token } = home.admin;
    const id = await start();
    const off = await evals(token, "POST", `/runs/${id}/cancel`);
    expectStatus(off, 200);
    expect(off.body.run.status).toBe("cancelled");
    await bench.drain();
    expect(await look(id)).toMatchObject({ status: "cancelled", progress: { done: 0, total: 3 } });
    expectStatus(await evals(token, "POST", `/runs/${id}/cancel`), 409);
  });

  test("tries a question that fails again, and then says so and goes on", async () => {
    const id = await start({ gate: { errors: 0 } });
    const { embedders } = bench.runtime.ports;
    const broken = {
      ...embedders.default,
      embed: async (texts: readonly string[], signal: AbortSignal) => {
        if (texts.includes(FERRY)) throw new Error("away");
        return embedders.default.embed(texts, signal);
      },
    };
    const over = { embedders: { ...embedders, of: () => broken } };
    const [job] = bench.sent.splice(0);
    expect(await bench.deliver(job, { with: over })).toMatchObject({ retried: true });
    expect(await bench.deliver(job, { with: over })).toMatchObject({ retried: true });
    expect(await bench.deliver(job, { with: over })).toMatchObject({ acked: true });
    const { run, results } = (await evals(home.admin.token, "GET", `/runs/${id}`)).body;
    expect(run).toMatchObject({
      status: "done",
      gate: { passed: false },
      figures: [{ errors: 1, hit_at_1: 0.5 }],
    });
    expect(results[0]).toMatchObject({ status: "failed", outcome: { error: { code: "internal" } } });
  });

  test("ends with the month's questions, and with the rights of whoever began it", async () => {
    const small = await harbour();
    await golden(small);
    const id = await start({}, small.admin.token);
    await setQuota(small.admin, { questions: 1 });
    await bench.drain();
    expect(await look(id, small.admin.token)).toMatchObject({
      status: "failed",
      failure: { code: "quota_exceeded" },
      progress: { done: 1, total: 3 },
      figures: [{ cases: 1 }],
    });
    const second = await colleague(small.admin, "admin");
    const theirs = await start({ gate: { hit_at_1: 0 } }, second.token);
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set role = 'viewer', token_version = 2 where id = ${second.userId}`,
    );
    await bench.drain();
    expect(await look(theirs, small.admin.token)).toMatchObject({
      status: "failed",
      failure: { code: "forbidden" },
      gate: { passed: false },
    });
  });
});

describe("cases", () => {
  let home: Harbour;
  beforeAll(async () => {
    home = await harbour();
  }, 60_000);

  test("are made, found, changed and deleted", async () => {
    const { admin, tide } = home;
    const made = await addCase(admin, { question: TIDE, document_ids: [tide], tags: ["tide"] });
    expect(made).toMatchObject({ answerable: true, facts: [], created_by: admin.userId, message_id: null });
    const twice = await evals(admin.token, "POST", "/cases", { question: TIDE });
    expectStatus(twice, 409);
    expect(twice.body.code).toBe("case_exists");
    expect(await questions(admin.token, "?tag=tide&q=HIGH")).toEqual([TIDE]);
    const path = `/cases/${made.id}`;
    const changed = await evals(admin.token, "PATCH", path, { answerable: false });
    expect(changed.body.case).toMatchObject({ answerable: false, document_ids: [], tags: ["tide"] });
    expectStatus(await evals(admin.token, "DELETE", path), 200);
    expectStatus(await evals(admin.token, "GET", path), 404);
  });

  test("have an end: a thousand of them, and a hundred runs, until something is deleted", async () => {
    const { token, orgId } = await register();
    const { db } = baseCtx().ports;
    await db.execute(sql`
      insert into kalamna.eval_cases (org_id, question, access)
      select ${orgId}, 'Question ' || n, 1 from generate_series(1, 1000) n`);
    const full = { code: "quota_full", detail: "An organization has at most 1000 golden questions." };
    const more = await evals(token, "POST", "/cases", { question: CUP });
    expect(more.body).toMatchObject(full);
    const imported = await evals(token, "POST", "/cases/import", [{ question: CUP }, { question: TIDE }]);
    expect(imported.body).toMatchObject(full);
    expect(await questions(token, "?q=world")).toEqual([]);
    await db.execute(sql`
      insert into kalamna.eval_runs (org_id, kind, configurations, access, cases, status)
      select ${orgId}, 'search', '[{}]', 1, 1, 'done' from generate_series(1, 100)`);
    const run = await evals(token, "POST", "/run", { kind: "search" });
    expect(run.body).toMatchObject({
      code: "quota_full",
      detail: "An organization has at most 100 runs; delete old ones.",
    });
    await db.execute(sql`delete from kalamna.eval_cases where org_id = ${orgId} and question = 'Question 7'`);
    await addCase({ token } as Person, { question: CUP });
  });

  test("are imported as lines or as an array, all or none; replacing takes the others away", async () => {
    const { token } = await register();
    const send = async (body: string, type: string, query = "") =>
      call("POST", `/api/v1/evals/cases/import${query}`, { token, body, headers: { "content-type": type } });
    const lines = [FERRY, TIDE].map((question) => JSON.stringify({ question })).join("\n");
    const first = await send(lines, "application/x-ndjson");
    expect(first.body.imported).toEqual({ created: 2, changed: 0, deleted: 0 });
    const again = await send(
      JSON.stringify([{ question: TIDE, facts: ["noon"] }, { question: CUP }]),
      "application/json",
      "?replace=true",
    );
    expect(again.body.imported).toEqual({ created: 1, changed: 1, deleted: 1 });
    expect((await questions(token)).sort()).toEqual([TIDE, CUP].sort());
    const broken = await send(`${lines}\n{"question":""}`, "application/x-ndjson");
    expectStatus(broken, 400);
    expect(broken.body.detail).toMatch(/^case 3\.question/);
    expectStatus(await send("{", "application/x-ndjson"), 400);
    expectStatus(await send("", "application/json"), 400);
    expectStatus(await send(lines, "text/plain"), 415);
    expect(await questions(token)).toHaveLength(2);
  });

  test("are made of questions that were voted down, once each", async () => {
    const { admin, ferry } = home;
    const asked = await call("POST", "/api/v1/query/sync", { token: admin.token, json: { query: FERRY } });
    const id = asked.body.message_id;
    await keptMessage(id);
    expectStatus(await evals(admin.token, "POST", "/cases", { from_message_id: id }), 404);
    const verdict = {
      rating: "down",
      reason: "wrong",
      expected_answer: "It leaves at seven. On Sundays at nine.",
    };
    await call("POST", `/api/v1/messages/${id}/feedback`, { token: admin.token, json: verdict });
    const { body } = await evals(admin.token, "GET", "/cases/candidates");
    expect(body.data).toEqual([
      expect.objectContaining({ message_id: id, question: FERRY, reason: "wrong", document_ids: [ferry] }),
    ]);
    expect(await addCase(admin, { from_message_id: id, document_ids: [ferry] })).toMatchObject({
      question: FERRY,
      facts: ["It leaves at seven.", "On Sundays at nine."],
      document_ids: [ferry],
      tags: ["feedback"],
      message_id: id,
    });
    expect((await evals(admin.token, "GET", "/cases/candidates")).body.data).toEqual([]);
    const { key } = await apiKey(admin, ["evals"]);
    expectStatus(await evals(key, "POST", "/cases", { from_message_id: id }), 403);
  });

  test("name documents that the organization has: an unknown one, and another's, are refused alike", async () => {
    const { admin, tide } = home;
    const path = `/cases/${(await addCase(admin, { question: "Is there a lighthouse?" })).id}`;
    const theirs = (await harbour()).ferry;
    const refusals = async (id: string) => {
      const body = { question: "Whose is it?", document_ids: [tide, id] };
      const answers = [
        await evals(admin.token, "POST", "/cases", body),
        await evals(admin.token, "PATCH", path, { document_ids: [id] }),
        await evals(admin.token, "POST", "/cases/import", [{ question: CUP }, body]),
      ];
      for (const answer of answers) expectStatus(answer, 400);
      return answers.map(({ body: { detail, errors } }) => ({ detail, errors }));
    };
    const refused = await refusals(theirs);
    expect(refused).toEqual(await refusals(crypto.randomUUID()));
    expect(refused.map(({ detail }) => detail)).toEqual([
      "document_ids: one of these documents does not exist",
      "document_ids: one of these documents does not exist",
      "case 2.document_ids: one of these documents does not exist",
    ]);
    expect(await questions(admin.token, "?q=whose")).toEqual([]);
    expect(await questions(admin.token, "?q=cup")).toEqual([]);
  });

  test.each([
    {},
    { question: " " },
    { question: "x", answerable: false, facts: ["y"] },
    { question: "x", document_ids: ["nine"] },
    { question: "x", answer: "y" },
  ])("that are none are refused: %j", async (json) =>
    expectStatus(await evals(home.admin.token, "POST", "/cases", json), 400),
  );
});

describe("software", () => {
  let home: Harbour;
  let key: string;
  beforeAll(async () => {
    home = await harbour();
    await golden(home);
    ({ key } = await apiKey(home.admin, ["evals"], { access: "external" }));
  }, 60_000);

  test("with an external key evaluates external documents with cases of its own, and sees no others", async () => {
    expect(await questions(key)).toEqual([]);
    expectStatus(await evals(key, "POST", "/run", {}), 409);
    const hidden = await evals(key, "POST", "/cases", { question: TIDE, document_ids: [home.tide] });
    expectStatus(hidden, 400);
    for (const question of [FERRY, TIDE]) {
      expectStatus(await evals(key, "POST", "/cases", { question, document_ids: [home.ferry] }), 201);
    }
    const { run, results } = await ended(key, await begin(key));
    expect(run).toMatchObject({ status: "done", started_by: { user_id: null, key_id: expect.any(String) } });
    expect(results.map(({ outcome }: any) => outcome.rank)).toEqual([1, null]);
    expect(JSON.stringify(results)).not.toContain("noon");
    const admins = await begin(home.admin.token, { kind: "search" });
    expectStatus(await evals(key, "GET", `/runs/${admins}`), 404);
    expect((await evals(key, "GET", "/runs")).body.data).toHaveLength(1);
    // An answer from a document that the key may not read any more is not shown to it.
    await call("PATCH", `/api/v1/documents/${home.ferry}`, {
      token: home.admin.token,
      json: { access_level: "internal" },
    });
    expect((await evals(key, "GET", `/runs/${run.id}`)).body.results[0].answer).toBeNull();
    expect((await evals(home.admin.token, "GET", `/runs/${run.id}`)).body.results[0].answer).toContain("six");
  });

  test("without the scope evaluates nothing, and nor do members", async () => {
    const others = [
      (await apiKey(home.admin, ["chat", "search", "analytics:read"])).key,
      (await colleague(home.admin, "member")).token,
    ];
    for (const token of others) {
      expectStatus(await evals(token, "POST", "/run", {}), 403);
      expectStatus(await evals(token, "GET", "/cases"), 403);
      expectStatus(await evals(token, "GET", "/runs"), 403);
    }
  });

  test("of somebody who is removed while their run goes on ends it", async () => {
    const bench = rig();
    const boss = await colleague(home.admin, "admin");
    const { body } = await bench.call("POST", "/api/v1/evals/run", { token: boss.token, json: {} });
    const path = `/api/v1/employees/${boss.userId}`;
    expectStatus(await call("DELETE", path, { token: home.admin.token }), 200);
    await bench.drain();
    const found = await evals(home.admin.token, "GET", `/runs/${body.run.id}`);
    expect(found.body.run).toMatchObject({ status: "failed", failure: { code: "session_revoked" } });
  });

  test("that is revoked while its run goes on ends it", async () => {
    const bench = rig();
    const mine = await apiKey(home.admin, ["evals"]);
    const { body } = await bench.call("POST", "/api/v1/evals/run", { token: mine.key, json: {} });
    expectStatus(await call("DELETE", `/api/v1/api-keys/${mine.id}`, { token: home.admin.token }), 200);
    await bench.drain();
    const found = await evals(home.admin.token, "GET", `/runs/${body.run.id}`);
    expect(found.body.run).toMatchObject({ status: "failed", failure: { code: "session_revoked" } });
  });
});
