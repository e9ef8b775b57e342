/** Phrases that an older analyzer made are made anew. */
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { sweepPhrases } from "../../../src/domain/knowledge/reanalyze.ts";
import { accountBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, register } from "../../support/api.ts";
import { baseCtx, ctxFor } from "../../support/people.ts";

async function taught(): Promise<Person> {
  const admin = await register();
  const json = {
    question: "Wann werden Rechnungen bezahlt?",
    answer: "Nach dreißig Tagen.",
    variants: ["Zahlungsziel?"],
  };
  expectStatus(await call("POST", "/api/v1/knowledge/answers", { token: admin.token, json }), 201);
  return admin;
}
const age = (admin: Person) =>
  tenantBatch(ctxFor(admin), (db) => [
    db.execute(sql`update kalamna.taught_phrases set analyzer = 1, terms = '{7}', exact = 'old'`),
  ]);
const phrases = async (admin: Person) => {
  const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
    db.execute(sql`select text, exact, terms, analyzer from kalamna.taught_phrases order by text`),
  ]);
  return rows;
};

it("makes the terms of every outdated phrase anew, without a model, and lets a suspended organization wait", async () => {
  const [aged, suspended] = [await taught(), await taught()];
  const fresh = await phrases(aged);
  await Promise.all([age(aged), age(suspended)]);
  const status = (to: string) =>
    accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set status = ${to} where id = ${suspended.orgId}`),
    ]);
  await status("suspended");
  expect(await sweepPhrases(baseCtx())).toEqual({ phrases_renewed: 2 });
  expect(await phrases(aged)).toEqual(fresh);
  await status("active");
  expect(await sweepPhrases(baseCtx())).toEqual({ phrases_renewed: 2 });
  expect(await phrases(suspended)).toEqual(fresh);
  expect(await sweepPhrases(baseCtx())).toEqual({ phrases_renewed: 0 });
});
