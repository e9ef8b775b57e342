/** Fills a demo organization with the documents of demo/, through the public API like any client. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { call, json, must } from "./demo-client.ts";
import { verifyEmail } from "./demo-email.ts";
import { recall, remember } from "./demo-memory.ts";

const DEMO = join(import.meta.dirname, "../../demo");

/** Longest wait for the documents, in milliseconds; a person should get to the prompt even if one of them hangs. */
const PATIENCE_MS = 90_000;
const POLL_MS = 200;

const Manifest = z.object({
  organization: z.string(),
  documents: z.array(
    z.object({
      file: z.string(),
      name: z.string(),
      access_level: z.enum(["internal", "external"]),
      metadata: z.record(z.string(), z.unknown()),
    }),
  ),
});

export type Demo = {
  email: string;
  password: string;
  organization: string;
  /** Of the admin, for what follows at once. */
  token: string;
  /** For the demo page; absent when somebody has revoked it. */
  widgetKey?: string;
  /** Documents uploaded by this call; 0 when an earlier start did it. */
  uploaded: number;
  /** Names of documents that are not ready, with the reason where there is one. */
  unfinished: { name: string; status: string; reason: string | null }[];
};

const SignedIn = z.object({ token: z.string(), user: z.object({ email_verified: z.boolean() }) });
const Document = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  failure: z.object({ detail: z.string().nullable() }).nullable(),
});
const Uploaded = z.object({ document: Document, duplicate: z.boolean() });
const WidgetKey = z.object({
  id: z.string(),
  name: z.string(),
  key: z.string(),
  status: z.string(),
  allowed_origins: z.array(z.string()),
});
const WidgetKeys = z.object({ data: z.array(WidgetKey) });
const OneWidgetKey = z.object({ widget_key: WidgetKey });
const Listed = z.object({ data: z.array(Document) });

/** Signs in as the remembered person, or registers a new one: the database may have been replaced since. */
async function signIn(url: string, organization: string, dataDir: string, known: boolean) {
  const memory = recall(dataDir);
  if (memory) {
    const answer = await call(
      SignedIn,
      `${url}/api/v1/auth/login`,
      json({ email: memory.email, password: memory.password }),
    );
    if ("token" in answer) {
      if (!answer.user.email_verified) await verifyEmail(url, memory.email);
      return { memory, token: answer.token };
    }
  }
  // In a database that others may reach, nobody must be able to guess the demo's login.
  const suffix = known ? "" : `-${randomBytes(4).toString("hex")}`;
  const fresh = {
    email: `demo${suffix}@kalamna.example`,
    password: known ? "kalamna-demo-2026" : randomBytes(12).toString("base64url"),
    complete: false,
  };
  const { email, password } = fresh;
  let answer = await call(
    SignedIn,
    `${url}/api/v1/auth/register`,
    json({ org_name: organization, email, password }),
  );
  if ("problem" in answer && known)
    answer = await call(SignedIn, `${url}/api/v1/auth/login`, json({ email, password }));
  const { token, user } = must("registration", answer);
  if (!user.email_verified) await verifyEmail(url, email);
  remember(dataDir, fresh);
  return { memory: fresh, token };
}

type Entry = z.infer<typeof Manifest>["documents"][number];

async function upload(url: string, token: string, entry: Entry) {
  const form = new FormData();
  form.set("name", entry.name);
  form.set("access_level", entry.access_level);
  form.set("metadata", JSON.stringify(entry.metadata));
  form.set("file", new Blob([await readFile(join(DEMO, entry.file))]), entry.file.split("/").at(-1));
  const headers = { authorization: `Bearer ${token}` };
  const answer = await call(Uploaded, `${url}/api/v1/documents`, { method: "POST", headers, body: form });
  return must(`the upload of ${entry.file}`, answer);
}

/** Uploads a document and returns its id; one that an interrupted start left unread is replaced. */
async function place(url: string, token: string, entry: Entry): Promise<string> {
  const { document, duplicate } = await upload(url, token, entry);
  if (!duplicate || document.status === "ready") return document.id;
  // Its queue message is gone with the old process; the sweeper would find it after some minutes.
  const headers = { authorization: `Bearer ${token}` };
  const answer = await call(z.unknown(), `${url}/api/v1/documents/${document.id}`, {
    method: "DELETE",
    headers,
  });
  must(`the removal of ${entry.file}`, answer);
  return (await upload(url, token, entry)).document.id;
}

const DEMO_WIDGET = "Demo shop";

/** The key of the demo page: made once, allowed wherever this stack listens; one that was revoked stays so. */
async function widgetKey(url: string, token: string): Promise<string | undefined> {
  const origins = [url, url.replace("127.0.0.1", "localhost")];
  const path = `${url}/api/v1/widget-keys`;
  const headers = { authorization: `Bearer ${token}` };
  const listed = must("the list of widget keys", await call(WidgetKeys, `${path}?limit=200`, { headers }));
  const ours = listed.data.filter(({ name }) => name === DEMO_WIDGET);
  const found = ours.find(({ status }) => status === "active");
  if (!found && ours.length > 0) return undefined;
  if (!found) {
    const answer = await call(
      OneWidgetKey,
      path,
      json({ name: DEMO_WIDGET, allowed_origins: origins }, token),
    );
    return must("a widget key", answer).widget_key.key;
  }
  const allowed = [...new Set([...found.allowed_origins, ...origins])].slice(-50);
  if (allowed.length > found.allowed_origins.length) {
    const answer = await call(
      OneWidgetKey,
      `${path}/${found.id}`,
      json({ allowed_origins: allowed }, token, "PATCH"),
    );
    must("the widget key's new origin", answer);
  }
  return found.key;
}

const LogConnection = z.object({
  connection: z
    .object({ origin: z.string(), tool: z.string(), arguments: z.unknown(), redaction: z.unknown() })
    .nullable(),
});

/** Its address is another one at each start. Another log server that somebody connected stays, and so does none. */
async function connectLogs(
  url: string,
  token: string,
  logs: SeedOptions["logs"],
  first: boolean,
): Promise<void> {
  if (!logs) return;
  const path = `${url}/api/v1/logs/connection`;
  const headers = { authorization: `Bearer ${token}` };
  const { connection } = must("the log server", await call(LogConnection, path, { headers }));
  if (connection ? !connection.origin.startsWith("http://127.0.0.1:") : !first) return;
  const { tool, arguments: mapping, redaction } = connection ?? {};
  const body = { url: logs.url, bearer: logs.bearer, tool, arguments: mapping, redaction };
  must("the log server", await call(LogConnection, path, json(body, token, "PUT")));
}

export type SeedOptions = {
  url: string;
  dataDir: string;
  /** Nobody but this machine reaches the database, so the login may be well known. */
  privateDatabase: boolean;
  /** For the demo to search. */
  logs?: { url: string; bearer: string } | undefined;
};

/**
 * Makes sure that the demo organization exists and its documents are there, and waits until they can be asked.
 * Documents that somebody deleted since do not come back.
 * @throws Error when the API refuses
 */
export async function seedDemo(options: SeedOptions): Promise<Demo> {
  const { url, dataDir } = options;
  const manifest = Manifest.parse(JSON.parse(await readFile(join(DEMO, "manifest.json"), "utf8")));
  const { memory, token } = await signIn(url, manifest.organization, dataDir, options.privateDatabase);
  const { email, password } = memory;
  const key = await widgetKey(url, token);
  await connectLogs(url, token, options.logs, !memory.complete);
  const demo = {
    email,
    password,
    token,
    organization: manifest.organization,
    ...(key ? { widgetKey: key } : {}),
  };
  if (memory.complete) return { ...demo, uploaded: 0, unfinished: [] };

  const ids = new Set<string>();
  for (const entry of manifest.documents) ids.add(await place(url, token, entry));
  const headers = { authorization: `Bearer ${token}` };
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await call(Listed, `${url}/api/v1/documents?limit=200`, { headers });
    const ours = must("the list of documents", answer).data.filter(({ id }) => ids.has(id));
    const busy = ours.filter(({ status }) => status !== "ready" && status !== "failed");
    if (busy.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    const unfinished = ours
      .filter(({ status }) => status !== "ready")
      .map(({ name, status, failure }) => ({ name, status, reason: failure?.detail ?? null }));
    if (busy.length === 0) remember(dataDir, { ...memory, complete: true });
    return { ...demo, uploaded: ids.size, unfinished };
  }
}
