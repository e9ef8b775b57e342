/** The product's verbs in Node: an embedded database, the offline models, files in memory. */
import { createHash, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Ctx, ServiceActor } from "../src/context.ts";
import { startDatabase } from "../src/dev/database.ts";
import { migrate } from "../src/dev/migrate.ts";
import type { ChatModel } from "../src/infra/chat-model/port.ts";
import { connect } from "../src/infra/db/client.ts";
import { accountBatch } from "../src/infra/db/tenant.ts";
import { noEmail } from "../src/infra/email/off.ts";
import { offer } from "../src/infra/embedder/offer.ts";
import { offlineEmbedder } from "../src/infra/embedder/offline.ts";
import type { Files } from "../src/infra/files/port.ts";
import { aesSealer } from "../src/infra/sealing/aes.ts";
import { tracing } from "../src/infra/trace/tracing.ts";
import { lineLog } from "../src/log.ts";

export type Stack = {
  /** For `pg`, past the product: what a bare statement costs. */
  connectionString: string;
  /** Deferred work of a new organization. */
  organization(name: string): Promise<Ctx<ServiceActor>>;
  close(): Promise<void>;
};

const noChat: ChatModel = {
  model: "none",
  mode: "offline",
  stream: () => {
    throw new Error("Measuring retrieval asks no language model.");
  },
};

/** The queue acting for an organization, without a Worker around it. */
export function serviceCtx(
  databaseUrl: string,
  endpoint: string | undefined,
  orgId: string,
): Ctx<ServiceActor> {
  return {
    ports: {
      db: connect(databaseUrl, endpoint),
      embedders: offer(offlineEmbedder()),
      files: memoryFiles(),
      email: noEmail(),
      web: {
        get: () => Promise.reject(new Error("Measuring fetches nothing.")),
        check: () => Promise.reject(new Error("Measuring fetches nothing.")),
        post: () => Promise.reject(new Error("Measuring fetches nothing.")),
      },
      mcp: {
        listTools: () => Promise.reject(new Error("Measuring reads no logs.")),
        callTool: () => Promise.reject(new Error("Measuring reads no logs.")),
      },
      jobs: { send: () => Promise.reject(new Error("Measuring never defers work.")) },
      sealer: aesSealer([{ kid: "eval", secret: "seals nothing" }]),
      pace: { slots: 1, together: 1, sliceMs: 0, started: new Map() },
      chat: noChat,
      chats: { list: () => [], chosen: () => undefined },
      underWay: new Map(),
      extractive: noChat,
      complete: () => Promise.reject(new Error("Measuring retrieval asks no language model.")),
    },
    actor: { kind: "service", orgId },
    requestId: "eval",
    client: { address: "local", agent: "eval" },
    signal: new AbortController().signal,
    now: () => new Date(),
    log: lineLog({}),
    trace: tracing().begin("eval", { waitUntil: () => undefined }),
    waitUntil: () => undefined,
  };
}

export async function startStack(databaseUrl?: string): Promise<Stack> {
  const database = await startDatabase(databaseUrl ? { databaseUrl } : {});
  await migrate(database.connectionString);
  return {
    connectionString: database.connectionString,
    async organization(name) {
      const ctx = serviceCtx(database.databaseUrl, database.endpoint, randomUUID());
      await accountBatch(ctx, (db) => [
        db.execute(sql`insert into kalamna.organizations (id, name) values (${ctx.actor.orgId}, ${name})`),
      ]);
      return ctx;
    },
    close: () => database.close(),
  };
}

export const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function memoryFiles(): Files {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    store: () => Promise.reject(new Error("Measuring puts files by key.")),
    put: async (key, bytes) => void kept.set(key, Uint8Array.from(bytes)),
    async open(key) {
      const bytes = kept.get(key);
      return bytes ? { body: new Blob([bytes]).stream(), size: bytes.byteLength } : null;
    },
    remove: async (keys) => {
      for (const key of keys) kept.delete(key);
    },
    async removeAll(orgId) {
      const keys = [...kept.keys()].filter((key) => key.startsWith(`org/${orgId}/`));
      for (const key of keys) kept.delete(key);
      return keys.length;
    },
    list: () => Promise.reject(new Error("Measuring sweeps nothing.")),
    ping: async () => undefined,
  };
}
