/** Real things in the place of the names that the API reference's examples use. */
import { sql } from "drizzle-orm";
import { A, SOME } from "../../src/http/openapi/examples.ts";
import { call, expectStatus, finished, PASSWORD, type Person, ready, register } from "./api.ts";
import { appWith } from "./app.ts";
import { apiKey, SHOP, widgetVisitor } from "./credentials.ts";
import { newIssuer } from "./identities.ts";
import { connectLogs, linesOf, newLogs } from "./logs.ts";
import { codeFor, mailTo } from "./mail.ts";
import { keptMessage } from "./messages.ts";
import { baseCtx, colleague } from "./people.ts";
import { html, newSite } from "./sites.ts";
import { newReceiver } from "./webhooks.ts";

/** What stands for what. */
export type Words = Record<string, string>;

const text = () => `Pair ${crypto.randomUUID()} can be returned within 60 days.`;
const document = (admin: Person) => ready(admin, "returns.md", text());

async function made(admin: Person, path: string, json: unknown): Promise<any> {
  const answer = await call("POST", `/api/v1${path}`, { token: admin.token, json });
  expectStatus(answer, answer.status < 300 ? answer.status : 201);
  return answer.body;
}

const addWebhook = async (admin: Person): Promise<string> =>
  (await made(admin, "/webhooks", { url: newReceiver().url, events: ["document.ready"] })).webhook.id;

const tokenIn = async (email: string, kind: RegExp): Promise<string> => {
  const { text: letter } = await mailTo(email);
  return kind.exec(letter)?.[0] ?? "";
};

/** Each makes what one name of an example stands for. */
const MAKERS: Record<string, (admin: Person) => Promise<string | Words>> = {
  [SOME.document]: document,
  [SOME.batch]: async (admin) => {
    const headers = { "content-type": "application/x-ndjson" };
    const body = JSON.stringify({ name: "a.txt", content: text() });
    const answer = await call("POST", "/api/v1/documents/bulk", { token: admin.token, body, headers });
    return answer.body.batch.id;
  },
  [SOME.source]: async (admin) => {
    const site = await newSite({ "/": { body: html("Handbook", text().repeat(9)) } });
    return (await made(admin, "/sources", { url: `${site.origin}/` })).source.id;
  },
  [SOME.deletion]: async (admin) =>
    (await made(admin, "/documents/delete", { ids: [await document(admin)] })).deletion.id,
  [SOME.employee]: async (admin) => (await colleague(admin, "member")).userId,
  [SOME.invitation]: async (admin) =>
    (await made(admin, "/employees", { email: `${crypto.randomUUID()}@acme.test` })).invitation.id,
  [SOME.group]: async (admin) => (await made(admin, "/groups", { name: crypto.randomUUID() })).group.id,
  [SOME.apiKey]: async (admin) => (await apiKey(admin, ["search"])).id,
  [SOME.widgetKey]: async (admin) => (await widgetVisitor(admin)).id,
  [SOME.webhook]: addWebhook,
  [SOME.delivery]: async (admin) => {
    const webhook = await addWebhook(admin);
    const { delivery } = await made(admin, `/webhooks/${webhook}/test`, {});
    return { [SOME.webhook]: webhook, [SOME.delivery]: delivery.id };
  },
  [SOME.session]: async (admin) => {
    const answer = await call("GET", "/api/v1/auth/sessions", { token: admin.token });
    return answer.body.data[0].id;
  },
  [SOME.taught]: async (admin) =>
    (await made(admin, "/knowledge/answers", { question: text(), answer: "Yes." })).answer.id,
  [SOME.conversation]: async (admin) =>
    (await made(admin, "/chat", { message: "Hello?", stream: false })).session_id,
  [SOME.message]: async (admin) => {
    const { message_id } = await made(admin, "/query/sync", { query: "Hello?" });
    await keptMessage(message_id);
    return message_id;
  },
  [SOME.evalCase]: async (admin) => (await made(admin, "/evals/cases", { question: text() })).case.id,
  [SOME.evalRun]: async (admin) => {
    await made(admin, "/evals/cases", { question: text() });
    return (await made(admin, "/evals/run", { kind: "search" })).run.id;
  },
  [SOME.organization]: async () => (await register()).orgId,
  [A.email]: async (admin) => admin.email,
  [A.newEmail]: async () => `new-${crypto.randomUUID()}@acme.test`,
  [A.password]: async () => PASSWORD,
  [A.refreshToken]: async (admin) => admin.refreshToken,
  [A.code]: (admin) => codeFor(admin.email),
  [A.invitation]: async (admin) => {
    const email = `${crypto.randomUUID()}@acme.test`;
    await made(admin, "/employees", { email });
    return tokenIn(email, /kal_inv_[\w-]+/);
  },
  [A.confirmation]: async () => {
    const { token } = await register();
    const asked = await call("DELETE", "/api/v1/org", { token });
    const { confirmation } = asked.body;
    expectStatus(await call("DELETE", "/api/v1/org", { token, json: { confirmation } }), 200);
    return confirmation;
  },
  [A.widgetKey]: async (admin) => ({ [A.widgetKey]: (await widgetVisitor(admin)).key, [A.origin]: SHOP }),
  [A.address]: async () => `${(await newSite({ "/": { body: html("Handbook", text()) } })).origin}/`,
  [A.hook]: async () => newReceiver().url,
  [A.logs]: async () => (await newLogs(linesOf({ severity: "error", message: "It broke." }))).url,
  [A.question]: async (admin) => {
    await ready(admin, "shoes.md", "You can return shoes within 60 days.");
    return A.question;
  },
  [A.embeddingModel]: async () => baseCtx().ports.embedders.default.model,
  [A.issuer]: async (admin) => {
    const domain = `${crypto.randomUUID()}.test`;
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set email = ${`admin@${domain}`}, email_verified_at = now() where id = ${admin.userId}`,
    );
    return { [A.issuer]: (await newIssuer()).url, [`"${A.domain}"`]: `"${domain}"` };
  },
};

/** Nothing is worked off: what is asked for stays under way. */
const idle = () =>
  appWith(({ ports }) => ({ ports: { ...ports, jobs: { ...ports.jobs, send: async () => undefined } } }));

/** By operation: what must be so before its example makes sense. */
const BEFORE: Record<string, (admin: Person, words: Words) => Promise<void>> = {
  resetPassword: async (admin, words) => {
    await call("POST", "/api/v1/auth/password/forgot", { json: { email: admin.email } });
    words[A.code] = await codeFor(admin.email, 2);
  },
  withdrawFeedback: async (admin, words) => {
    await made(admin, `/messages/${words[SOME.message]}/feedback`, { rating: "up" });
  },
  rollbackDocument: async (admin, words) => {
    const path = `/api/v1/documents/${words[SOME.document]}/content`;
    expectStatus(await call("PUT", path, { token: admin.token, json: { content: text() } }), 202);
    await finished(admin, words[SOME.document] ?? "");
  },
  cancelDocument: async (admin, words) => {
    const json = { name: "slow.md", content: text() };
    const answer = await idle().call("POST", "/api/v1/documents", { token: admin.token, json });
    words[SOME.document] = answer.body.document.id;
  },
  removeMember: async (admin, words) => {
    const path = `/api/v1/groups/${words[SOME.group]}/members/${words[SOME.employee]}`;
    expectStatus(await call("PUT", path, { token: admin.token }), 200);
  },
  cancelEmbeddingChange: async (admin) => {
    await document(admin);
    const json = { model: baseCtx().ports.embedders.default.model };
    const change = await idle().call("POST", "/api/v1/models/embedding", { token: admin.token, json });
    expectStatus(change, 202);
  },
  changeEmbeddingModel: async (admin) => void (await document(admin)),
  createEmbeddings: async (admin) => {
    const json = { settings: { embeddings_api: true } };
    expectStatus(await call("PATCH", "/api/v1/org", { token: admin.token, json }), 200);
  },
  startEvalRun: async (admin) => void (await made(admin, "/evals/cases", { question: text() })),
  cancelEvalRun: async (admin, words) => {
    const json = { kind: "search" };
    const answer = await idle().call("POST", "/api/v1/evals/run", { token: admin.token, json });
    words[SOME.evalRun] = answer.body.run.id;
  },
  getLogConnection: withLogs,
  disconnectLogs: withLogs,
  listLogTools: withLogs,
  searchLogs: withLogs,
  getIdentityProvider: connected,
  disconnectIdentityProvider: connected,
};

async function withLogs(admin: Person): Promise<void> {
  await connectLogs(admin, await newLogs(linesOf({ severity: "error", message: "It broke.", status: 500 })));
}

async function connected(admin: Person): Promise<void> {
  const words = (await MAKERS[A.issuer]?.(admin)) as Words;
  const json = {
    issuer: words[A.issuer],
    audience: "kalamna",
    domains: [JSON.parse(words[`"${A.domain}"`]!)],
  };
  expectStatus(await call("PUT", "/api/v1/identity", { token: admin.token, json }), 200);
}

/** Makes everything that `example`, as text, names, and puts it in its place. */
export async function fill(operation: string, example: string, admin: Person): Promise<string> {
  const words: Words = {};
  // A delivery brings its own webhook.
  for (const [word, make] of Object.entries(MAKERS).reverse()) {
    if (!example.includes(word) || words[word] !== undefined) continue;
    const thing = await make(admin);
    if (typeof thing === "string") words[word] = thing;
    else Object.assign(words, thing);
  }
  await BEFORE[operation]?.(admin, words);
  return Object.entries(words).reduce((filled, [word, thing]) => filled.replaceAll(word, thing), example);
}
