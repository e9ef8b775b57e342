/** The minute's sweep as a whole: one part of it never stands in the way of another, nor one organization in another's. */
import { NeonDbError } from "@neondatabase/serverless";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test, vi } from "vitest";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { sweep } from "../../src/queue/sweep.ts";
import type { Runtime } from "../../src/runtime.ts";
import { expectStatus, type Person, register } from "../support/api.ts";
import { baseCtx } from "../support/people.ts";
import { type Rig, rig } from "../support/rigged.ts";
import { newSite } from "../support/sites.ts";

let person: Person;
let world: Rig;
beforeEach(async () => {
  person = await register();
  world = rig();
});

const execute = (statement: ReturnType<typeof sql>) => baseCtx().ports.db.execute(statement);
const swept = (over: Partial<Runtime["ports"]> = {}) => {
  world.sent.length = 0;
  const { runtime } = world;
  return sweep({ ...runtime, ports: { ...runtime.ports, ...over } }, () => undefined);
};
const sentFor = (orgId: string) =>
  world.sent.filter(({ org_id }) => org_id === orgId).map(({ kind }) => kind);

/** A source whose message was lost. */
async function lostSource(): Promise<void> {
  const { origin } = await newSite();
  const answer = await world.call("POST", "/api/v1/sources", { token: person.token, json: { url: origin } });
  expectStatus(answer, 202);
  const { id } = (answer.body as { source: { id: string } }).source;
  await execute(sql`update kalamna.sources set updated_at = now() - interval '3 minutes' where id = ${id}`);
}

test("what fails is in the line, and the rest is done", async () => {
  await lostSource();
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  // The documents' part asks for the slots first of all.
  await swept({ pace: undefined as never });
  vi.restoreAllMocks();
  expect(sentFor(person.orgId)).toEqual(["source.step"]);
  expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({
    job: "sweep",
    level: "error",
    failed: "documents",
    code: "internal",
    sources_revived: expect.any(Number),
  });
});

test("without a database the other parts are not tried in vain", async () => {
  const batch = vi.fn(async () => {
    throw new NeonDbError("connection refused");
  });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  await swept({ db: Object.create(world.runtime.ports.db, { batch: { value: batch } }) });
  vi.restoreAllMocks();
  expect(batch).toHaveBeenCalledTimes(1);
});

test("however many sources of a suspended organization stand still, another's is sent again", async () => {
  const suspended = person;
  await execute(sql`
    insert into kalamna.sources (org_id, id, kind, url, access_level, status, updated_at, next_run_at)
    select ${suspended.orgId}, gen_random_uuid(), 'url', 'https://pier.example/' || n, 'internal',
           case when n % 2 = 0 then 'running' else 'idle' end, now() - interval '1 day', now() - interval '1 day'
      from generate_series(1, 400) n`);
  await accountBatch(baseCtx(), (db) => [
    db.execute(sql`update kalamna.organizations set status = 'suspended' where id = ${suspended.orgId}`),
  ]);
  person = await register();
  await lostSource();
  await swept();
  expect(sentFor(person.orgId)).toEqual(["source.step"]);
  expect(sentFor(suspended.orgId)).toEqual([]);
});
