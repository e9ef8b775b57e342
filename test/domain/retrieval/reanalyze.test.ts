/** What an older analyzer made is made anew, and nothing else changes. */
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { sweepTerms } from "../../../src/domain/retrieval/reanalyze.ts";
import { accountBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { baseCtx } from "../../support/people.ts";
import { add, found, type Library, library, statistics } from "./library.ts";

/** As if an analyzer that knew no forms had made the terms. */
const age = ({ service }: Library, word: string) =>
  tenantBatch(service, (db) => [
    db.execute(sql`update kalamna.chunk_lex set analyzer = 1, terms = '{7}', sv = '{1:1}/536870912'
                   where org_id = kalamna.org_id()`),
    db.execute(sql`delete from kalamna.org_terms where org_id = kalamna.org_id()`),
    db.execute(sql`insert into kalamna.org_terms (org_id, term, access, lexeme, df)
                   select org_id, 7, access, ${word}, count(*) from kalamna.chunk_lex
                    where org_id = kalamna.org_id() group by org_id, access`),
  ]);

it("makes the terms of every outdated chunk anew, and counts them", async () => {
  const [aged, fresh] = [await library(), await library()];
  const passages = ["Rechnungen werden nach dreißig Tagen bezahlt.", "Die Häuser am Hafen sind alt."];
  for (const of of [aged, fresh]) {
    await add(of, passages, { access: "external" });
    await add(of, ["Kündigungen müssen schriftlich sein."], { access: "internal" });
  }
  await age(aged, "tent");
  expect(await found(aged.internal, "Rechnung")).toEqual([]);

  const before = await statistics(fresh);
  const { terms_renewed: renewed } = await sweepTerms(baseCtx());
  expect(renewed).toBe(3);
  const [{ rows: wrong }] = await tenantBatch(aged.service, (db) => [
    db.execute(sql`
      select * from (select u.term, l.access, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
                      where l.org_id = kalamna.org_id() group by 1, 2) counted
        full join (select term, access, df from kalamna.org_terms where org_id = kalamna.org_id()) kept
          using (term, access, df)
       where counted is null or kept is null`),
  ]);
  expect(wrong).toEqual([]);
  expect(await statistics(fresh)).toEqual(before);
  expect(await found(aged.internal, "Rechnung")).toEqual([passages[0]]);
  expect(await sweepTerms(baseCtx())).toEqual({ terms_renewed: 0 });
});

it("leaves a suspended organization for later and goes on with the others", async () => {
  const [suspended, active] = [await library(), await library()];
  for (const of of [suspended, active]) {
    await add(of, ["A tent."]);
    await age(of, "tent");
  }
  const status = (to: string) =>
    accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set status = ${to} where id = ${suspended.orgId}`),
    ]);
  await status("suspended");
  expect(await sweepTerms(baseCtx())).toEqual({ terms_renewed: 1 });
  await status("active");
  expect(await sweepTerms(baseCtx())).toEqual({ terms_renewed: 1 });
});
