/** The hostile documents as an organization would meet them: uploaded, found by a search, and read by an obedient model. */
import { beforeAll, expect, test } from "vitest";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { HOSTILE, SECRET } from "../fixtures/hostile-documents.ts";
import { expectStatus, finished, type Person, ready, register, uploadText } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { provider } from "../support/models.ts";

const QUESTION = "How many days do refunds take?";
const QUOTE = '"Refunds take 5 days"';
/** Whichever of the two is the handbook; the other mark is not in its source and goes. */
const HONEST = `Refunds take 5 days [1: ${QUOTE}] [2: ${QUOTE}].`;

let admin: Person;
let handbook: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  admin = await register("Refund desk");
  handbook = await ready(admin, "handbook.md", `Refunds take 5 days. The vault code is ${SECRET}.`);
  for (const { name, content } of HOSTILE) ids.set(name, await uploadText(admin, name, content));
  for (const [name, id] of ids) {
    const { status, failure } = await finished(admin, id);
    expect(status, `${name}: ${JSON.stringify(failure)}`).toBe("ready");
  }
}, 240_000);

test.each(HOSTILE.map((one) => [one.name, one] as const))(
  "a model that obeys what stands last, or outside of the fences, does not hear the uploaded %s",
  async (name, { order, reply }) => {
    for (const listens of ["outside", "last"] as const) {
      const config = await provider({ do: "obey", listens, order, reply, otherwise: HONEST });
      const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
      const answer = await app.call("POST", "/api/v1/query/sync", {
        token: admin.token,
        json: { query: QUESTION, cache: false, document_ids: [handbook, ids.get(name)] },
      });
      expectStatus(answer, 200);
      const { body } = answer;
      expect(body.answer).toMatch(/^Refunds take 5 days ?\[[12]\] ?\.$/);
      expect(body.citations.map(({ document_id }: any) => document_id)).toEqual([handbook]);
      expect(body.sources.map(({ document_name }: any) => document_name).sort()).toEqual(
        ["handbook.md", name].sort(),
      );
      await app.settled();
    }
  },
  60_000,
);

test("asked without any choice of documents, all of them together are not heard either", async () => {
  for (const { order, reply } of HOSTILE) {
    const config = await provider({
      do: "obey",
      listens: "last",
      order,
      reply,
      otherwise: "Nothing to say.",
    });
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
    const { body } = await app.call("POST", "/api/v1/query/sync", {
      token: admin.token,
      json: { query: QUESTION, cache: false, top_k: 20 },
    });
    expect(body.answer).toBe("Nothing to say.");
    await app.settled();
  }
}, 240_000);
