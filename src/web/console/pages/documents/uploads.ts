/** Files on their way in: sent three at a time, then followed until they are ready, whatever page is open. */
import { type Problem, toProblem } from "../../../ui/problem.ts";
import { store } from "../../../ui/store.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { isArchive } from "./refused.ts";
import { sendFile } from "./send-file.ts";
import { type Failure, isBeingRead, type Status } from "./types.ts";

export type Upload = {
  key: string;
  name: string;
  bytes: number;
  /** Sent so far, 0 to 1. */
  sent: number;
  state: "waiting" | "sending" | "following" | "duplicate" | "ready" | "failed";
  documentId: string | null;
  status: Status | null;
  failure: Failure | null;
  problem: Problem | null;
  /** Of an archive: its documents that have ended, and all of them; `failures` has the first hundred that failed. */
  batch: { id: string; done: number; all: number; failed: number; failures: Schemas["BatchItem"][] } | null;
};

export type Labels = { access_level: string; groups: string[] };

/** `path` is where the file lay in a dropped folder: dropped again, it is a new version of the same document. */
export type Chosen = { file: File; path: string | null };

const AT_ONCE = 3;
/** Beyond so many nobody waits for the single one. */
const MANY = 10;
const FOLLOW_MS = 1_500;

export const uploads = store<Upload[]>([]);

type Task = { key: string; chosen: Chosen; labels: Labels; bulk: boolean };
const waiting: Task[] = [];
let sending = 0;
let following = false;

const change = (key: string, next: Partial<Upload>) =>
  uploads.set(uploads.get().map((one) => (one.key === key ? { ...one, ...next } : one)));

export function upload(files: readonly Chosen[], labels: Labels): void {
  const bulk = files.length > MANY;
  const added = files.map((chosen) => {
    const key = crypto.randomUUID();
    waiting.push({ key, chosen, labels, bulk });
    return blank(key, chosen);
  });
  uploads.set([...added, ...uploads.get()]);
  for (let free = AT_ONCE - sending; free > 0; free--) void work();
}

const blank = (key: string, { file, path }: Chosen): Upload => ({
  key,
  name: path ?? file.name,
  bytes: file.size,
  sent: 0,
  state: "waiting",
  documentId: null,
  status: null,
  failure: null,
  problem: null,
  batch: null,
});

/** Takes what has ended off the list. */
export const clearEnded = () =>
  uploads.set(uploads.get().filter(({ state }) => ["waiting", "sending", "following"].includes(state)));

async function work(): Promise<void> {
  sending++;
  for (let task = waiting.shift(); task; task = waiting.shift()) await send(task);
  sending--;
}

async function send({ key, chosen, labels, bulk }: Task): Promise<void> {
  change(key, { state: "sending" });
  const onSent = (sent: number) => change(key, { sent });
  try {
    if (isArchive(chosen.file.name)) {
      const { batch } = await sendFile<{ batch: Schemas["Batch"] }>(archive(chosen, labels), onSent);
      change(key, {
        state: "following",
        batch: { id: batch.id, done: 0, all: batch.lines, failed: 0, failures: [] },
      });
    } else {
      const answer = await sendFile<Schemas["Uploaded"]>(form(chosen, labels, bulk), onSent);
      const { id, status, failure } = answer.document;
      const state = isBeingRead(answer.document) ? "following" : answer.duplicate ? "duplicate" : "ready";
      change(key, { state, documentId: id, status, failure });
    }
    void follow();
  } catch (thrown) {
    change(key, { state: "failed", problem: toProblem(thrown) });
  }
}

function form({ file, path }: Chosen, { access_level, groups }: Labels, bulk: boolean) {
  const body = new FormData();
  // Fields come before the file: it streams.
  body.set("access_level", access_level);
  if (groups.length > 0) body.set("groups", groups.join(","));
  if (path && path.length <= 200) body.set("external_id", path);
  if (bulk) body.set("lane", "ingest-bulk");
  body.set("file", file, file.name);
  return { path: "documents", query: {}, body, type: null };
}

function archive({ file }: Chosen, { access_level, groups }: Labels) {
  const zip = /\.zip$/i.test(file.name);
  return {
    path: "documents/bulk",
    query: {
      access_level,
      ...(groups.length > 0 ? { groups: groups.join(",") } : {}),
      ...(zip ? { external_id: "path" } : {}),
    },
    body: file,
    type: zip ? "application/zip" : "application/x-ndjson",
  };
}

async function follow(): Promise<void> {
  if (following) return;
  following = true;
  while (uploads.get().some(({ state }) => state === "following")) {
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
    // Asked again at the next turn when the server is away.
    await look().catch(() => undefined);
  }
  following = false;
}

async function look(): Promise<void> {
  const followed = uploads.get().filter(({ state }) => state === "following");
  const single = followed.filter(({ batch }) => batch === null);
  if (single.length > 0) {
    const { data } = await dataOf(client.GET("/api/v1/documents", { params: { query: { limit: 200 } } }));
    const known = new Map(data.map((document) => [document.id, document]));
    for (const { key, documentId } of single) {
      if (!documentId) continue;
      const params = { path: { id: documentId } };
      const document =
        known.get(documentId) ?? (await dataOf(client.GET("/api/v1/documents/{id}", { params }))).document;
      const { status, failure } = document;
      change(key, {
        status,
        failure,
        state: status === "ready" || status === "failed" ? status : "following",
      });
    }
  }
  for (const { key, batch } of followed) {
    if (!batch) continue;
    const params = { path: { id: batch.id } };
    const { batch: now } = await dataOf(client.GET("/api/v1/batches/{id}", { params }));
    const failed = now.counts.failed + now.counts.refused;
    change(key, {
      batch: {
        id: batch.id,
        all: now.lines,
        done: Math.round(now.progress * now.lines),
        failed,
        failures: now.failures,
      },
      ...(now.status === "completed" || now.status === "cancelled"
        ? { state: failed === now.lines && failed > 0 ? ("failed" as const) : ("ready" as const) }
        : {}),
    });
  }
}
