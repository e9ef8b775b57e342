/** Lists whose cursor is not a date: they too come in pages without gaps. */
import { expect, test } from "vitest";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { colleague } from "../support/people.ts";

async function walk(person: Person, path: string, limit: number): Promise<any[]> {
  const seen: any[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`;
    const answer = await call("GET", `/api/v1/${path}?${query}`, { token: person.token });
    expectStatus(answer, 200);
    expect(answer.body.data.length).toBeLessThanOrEqual(limit);
    seen.push(...answer.body.data);
    cursor = answer.body.next_cursor;
  } while (cursor !== null && seen.length < 100);
  return seen;
}

test("a document's passages, in the order of its text", async () => {
  const admin = await register();
  const content = Array.from(
    { length: 12 },
    (_, n) => `# Part ${n}\n\n${`Sentence of part ${n}. `.repeat(60)}`,
  );
  const id = await ready(admin, "book.md", content.join("\n\n"));
  const passages = await walk(admin, `documents/${id}/chunks`, 2);
  expect(passages.length).toBeGreaterThan(4);
  expect(passages.map(({ ordinal }) => ordinal)).toEqual(passages.map((_, n) => n));
});

test("a group's members, each once", async () => {
  const admin = await register();
  const { body } = await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "Crew" } });
  const crew = [];
  for (let n = 0; n < 3; n++) {
    const person = await colleague(admin, "member");
    const patch = { groups: [body.group.id] };
    expectStatus(
      await call("PATCH", `/api/v1/employees/${person.userId}`, { token: admin.token, json: patch }),
      200,
    );
    crew.push(person.userId);
  }
  const members = await walk(admin, `groups/${body.group.id}/members`, 2);
  expect(members.map(({ id }) => id).sort()).toEqual(crew.sort());
});
