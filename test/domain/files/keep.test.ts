/**
 * Deleting and uploading the same bytes at the same moment, in every order that can lose a file. An upload stores (S) and
 * registers (R); a deletion, or a refused upload that cleans up, claims in its transaction (C) and removes (X).
 *   S C X R   the deletion lies between      → whoever registers stores again
 *   S C R X   the removal is still under way → whoever registers waits for it, then stores again
 *   C S R X   the same, begun before
 *   C S X R   stored while it was being removed
 *   S R C     registered first               → nothing is claimed
 *   C X S R   over before anything was stored: nothing to do
 */
import { describe, expect, test, vi } from "vitest";
import type { Ports } from "../../../src/context.ts";
import { sweepFiles } from "../../../src/domain/files/sweep.ts";
import { AppError } from "../../../src/errors.ts";
import { originalKey } from "../../../src/infra/files/port.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../../support/api.ts";
import { appWith } from "../../support/app.ts";
import { baseCtx, colleague } from "../../support/people.ts";
import { gate } from "../../support/rigged.ts";
import { referencedKeys, storedKeys } from "../../support/stored.ts";

const CONTENT = "The only copy of the harbour's ledger.";
const sha = async (text: string) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** The Worker with other files; jobs are dropped, so that nothing but the test moves. */
const withFiles = (change: (real: Ports["files"]) => Partial<Ports["files"]>) =>
  appWith((real) => ({
    ports: {
      ...real.ports,
      jobs: { ...real.ports.jobs, send: async () => undefined },
      files: { ...real.ports.files, ...change(real.ports.files) },
    },
  }));

/** A Worker that stops before it removes the original, until `go`. */
function slowRemover() {
  const [reached, go] = [gate(), gate()];
  const app = withFiles((real) => ({
    async remove(keys) {
      if (keys.some((key) => key.includes("/sha256/"))) {
        reached.resolve();
        await go.promise;
      }
      await real.remove(keys);
    },
  }));
  return { app, reached: reached.promise, go: go.resolve };
}

/** A Worker that stops after it has stored, until `go`. */
function slowRegistrar() {
  const [reached, go] = [gate(), gate()];
  const app = withFiles((real) => ({
    async store(...args) {
      const stored = await real.store(...args);
      reached.resolve();
      await go.promise;
      return stored;
    },
  }));
  return { app, reached: reached.promise, go: go.resolve };
}

const post = (app: { call: typeof call }, person: Person, name = "again.txt", content = CONTENT) =>
  app.call("POST", "/api/v1/documents", { token: person.token, json: { name, content } });
const remove = (app: { call: typeof call }, person: Person, id: string) =>
  app.call("DELETE", `/api/v1/documents/${id}`, { token: person.token });

/** Its row is there; the answer still waits for the file. */
const registered = (person: Person) =>
  vi.waitUntil(
    async () => (await call("GET", "/api/v1/documents", { token: person.token })).body.data.length > 0,
    { timeout: 10_000, interval: 20 },
  );

async function isWhole(person: Person, id: string, content = CONTENT) {
  const answer = await call("GET", `/api/v1/documents/${id}/content`, { token: person.token });
  expectStatus(answer, 200);
  expect(answer.text).toBe(content);
  expect(await storedKeys(person.orgId)).toEqual(
    expect.arrayContaining([originalKey(person.orgId, await sha(content))]),
  );
}

describe("the file of a new document survives the deletion of the last one that had its bytes, when", () => {
  test("all of the deletion happens between storing and registering", async () => {
    const person = await register();
    const first = await ready(person, "first.txt", CONTENT);
    const upload = slowRegistrar();
    const uploading = post(upload.app, person);
    await upload.reached;
    expectStatus(await remove({ call }, person, first), 200);
    expect(await runtime().ports.files.open(originalKey(person.orgId, await sha(CONTENT)))).toBeNull();
    upload.go();
    const answer = await uploading;
    expectStatus(answer, 202);
    await isWhole(person, answer.body.document.id);
  });

  test("the removal is still under way when it is registered, and stored before it began", async () => {
    const person = await register();
    const first = await ready(person, "first.txt", CONTENT);
    const upload = slowRegistrar();
    const uploading = post(upload.app, person);
    await upload.reached;
    const deletion = slowRemover();
    const deleting = remove(deletion.app, person, first);
    await deletion.reached;
    upload.go();
    await registered(person);
    deletion.go();
    expectStatus(await deleting, 200);
    const answer = await uploading;
    expectStatus(answer, 202);
    await isWhole(person, answer.body.document.id);
  });

  test("it is stored and registered while the removal is under way", async () => {
    const person = await register();
    const first = await ready(person, "first.txt", CONTENT);
    const deletion = slowRemover();
    const deleting = remove(deletion.app, person, first);
    await deletion.reached;
    const uploading = post(
      withFiles(() => ({})),
      person,
    );
    await registered(person);
    deletion.go();
    expectStatus(await deleting, 200);
    const answer = await uploading;
    expectStatus(answer, 202);
    await isWhole(person, answer.body.document.id);
  });

  test("it is stored during the removal and registered after it", async () => {
    const person = await register();
    const first = await ready(person, "first.txt", CONTENT);
    const deletion = slowRemover();
    const deleting = remove(deletion.app, person, first);
    await deletion.reached;
    const upload = slowRegistrar();
    const uploading = post(upload.app, person);
    await upload.reached;
    deletion.go();
    expectStatus(await deleting, 200);
    upload.go();
    const answer = await uploading;
    expectStatus(answer, 202);
    await isWhole(person, answer.body.document.id);
  });

  test("it was registered first", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const first = await ready(admin, "first.txt", CONTENT);
    const second = (
      await post(
        withFiles(() => ({})),
        guest,
      )
    ).body.document.id;
    expectStatus(await remove({ call }, admin, first), 200);
    await isWhole(guest, second);
  });

  test("the removal died half way: it does not come back for the file later", async () => {
    const person = await register();
    const first = await ready(person, "first.txt", CONTENT);
    const dying = withFiles(() => ({ remove: () => Promise.reject(new AppError("storage_unavailable")) }));
    const answer = await remove(dying, person, first);
    expectStatus(answer, 200);
    expect(answer.body.deleted.files).toBeNull();
    const again = await post(
      withFiles(() => ({})),
      person,
    );
    expectStatus(again, 202);
    const later = { ...baseCtx(), now: () => new Date() };
    await baseCtx().ports.db.execute(
      `update kalamna.file_removals set asked_at = now() - interval '6 minutes' where org_id = '${person.orgId}'`,
    );
    await sweepFiles(later);
    await isWhole(person, again.body.document.id);
  }, 40_000);
});

test("a refused upload does not take the file of one that is just being registered", async () => {
  const person = await register();
  const upload = slowRegistrar();
  const uploading = post(upload.app, person);
  await upload.reached;
  const refused = await call("POST", "/api/v1/documents", {
    token: person.token,
    json: { name: "refused.txt", content: CONTENT, groups: [crypto.randomUUID()] },
  });
  expectStatus(refused, 400);
  upload.go();
  const answer = await uploading;
  expectStatus(answer, 202);
  await isWhole(person, answer.body.document.id);
});

test("a new version of a document that is deleted while its bytes come in is refused, and they go again", async () => {
  const person = await register();
  const id = await ready(person, "ledger.txt", CONTENT);
  const upload = slowRegistrar();
  const replacing = upload.app.call("PUT", `/api/v1/documents/${id}/content`, {
    token: person.token,
    json: { content: "The ledger of next year." },
  });
  await upload.reached;
  expectStatus(await remove({ call }, person, id), 200);
  upload.go();
  const answer = await replacing;
  expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  await upload.app.settled();
  expect(await storedKeys(person.orgId)).toEqual([]);
});

test("a large file is stored again from what was kept for it, and that goes afterwards", async () => {
  const person = await register();
  const line = "The tide table of the northern harbour, line after line after line.\n";
  const content = line.repeat(Math.ceil((6 * 1024 * 1024) / line.length));
  const form = () => {
    const data = new FormData();
    data.set("file", new File([content], "tides.txt"));
    return { token: person.token, body: data };
  };
  const app = withFiles(() => ({}));
  const first = (await app.call("POST", "/api/v1/documents", form())).body.document.id;
  const upload = slowRegistrar();
  const uploading = upload.app.call("POST", "/api/v1/documents", form());
  await upload.reached;
  expectStatus(await remove(app, person, first), 200);
  upload.go();
  const answer = await uploading;
  expectStatus(answer, 202);
  await upload.app.settled();
  await app.settled();
  await isWhole(person, answer.body.document.id, content);
  expect(await storedKeys(person.orgId)).toEqual(await referencedKeys(person.orgId));
});
