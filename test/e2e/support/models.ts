/** A language model for each variant, told how to answer, and organizations that ask it. */
import pg from "pg";
import { afterAll, expect } from "vitest";
import { type Behaviour, type ModelServer, startModelServer } from "../../support/model-server.ts";
import { callerFor, newAdmin, stack } from "./console.ts";
import { VARIANTS } from "./variants.ts";

let models: ModelServer;

/** Variables of a Worker whose chat models are named like the variants; `embed-…` are embedding models to move to. */
export async function modelOfEach(): Promise<Record<string, string>> {
  models = await startModelServer();
  return {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${models.url}/v1`,
    CHAT_MODELS: JSON.stringify(VARIANTS.map(({ name }) => ({ name }))),
    EMBEDDING_MODEL: "offline",
    EMBEDDING_MODELS: VARIANTS.map(({ name }) => `embed-${name}`).join(","),
  };
}

export const closeModels = () => afterAll(() => models?.close());

/** @param behaviours used one request each, the last one stays */
export async function tell(model: string, ...behaviours: Behaviour[]): Promise<void> {
  await fetch(`${models.url}/control`, { method: "POST", body: JSON.stringify({ model, behaviours }) });
}

export const speaks = (model: string, text: string, everyMs = 5): Promise<void> =>
  tell(model, { do: "answer", text, pieces: "words", everyMs });

/** `aborted` when nobody waits for the model's last answer any more. */
export async function lastRequest(model: string): Promise<string | undefined> {
  const answer = await fetch(`${models.url}/control/requests?model=${model}`);
  const { requests } = (await answer.json()) as { requests: { state: string }[] };
  return requests.at(-1)?.state;
}

/** The admin of a new organization that has one document and asks one model. */
export async function readerOf(model: string, settings: object = {}): Promise<string> {
  const email = await newAdmin();
  const api = await callerFor(email);
  // The same question is asked of a model that answers differently each time.
  const changed = { chat_models: [model], answer_cache: "off", ...settings };
  await api("PATCH", "/api/v1/org", { settings: changed });
  const content = "# Ferries\n\nFerries leave at nine in the morning from the old harbour.";
  const sent = { name: "ferries.md", content, access_level: "external" };
  const { document } = await api("POST", "/api/v1/documents", sent);
  const status = async () => (await api("GET", `/api/v1/documents/${document.id}`)).document.status;
  await expect.poll(status, { timeout: 60_000 }).toBe("ready");
  return email;
}

/** As the platform would limit somebody's organization; null is no limit. */
export async function limitOf(
  email: string,
  { documents, questions }: { documents: number | null; questions: number | null },
): Promise<void> {
  const client = new pg.Client(stack.connectionString);
  await client.connect();
  await client.query(
    `insert into kalamna.quotas (org_id, documents, questions)
     select org_id, $1, $2 from kalamna.users where email = $3
     on conflict (org_id) do update set documents = excluded.documents, questions = excluded.questions`,
    [documents, questions, email],
  );
  await client.end();
}
