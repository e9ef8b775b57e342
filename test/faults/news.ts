/** Somebody who wants to hear of every document, and answers badly at first. */
import { expect } from "vitest";
import { type Reception, startWebhookServer } from "../support/webhook-server.ts";
import type { Client } from "./client.ts";
import type { Roll } from "./corpus.ts";
import type { FaultStack } from "./stack.ts";
import { settleNews } from "./time.ts";

export type News = {
  /** Has this organization's news sent here. */
  subscribe(ask: Client, orgId: string): Promise<void>;
  /** Everybody has heard how each document and batch ended, and of each ending in one message. */
  check(stack: FaultStack): Promise<void>;
  close(): Promise<void>;
};

const BAD: Reception[] = [{ status: 500 }, { status: 503 }, { status: 429, headers: { "retry-after": "5" } }];

type Told = { type: string; data: { document?: { id: string; version: number }; batch?: { id: string } } };

const nameOf = ({ type, data: { document, batch } }: Told) =>
  `${type} ${document ? `${document.id} ${document.version}` : batch?.id}`;

export async function startNews(roll: Roll): Promise<News> {
  const server = await startWebhookServer();
  const hearing = async (orgId: string): Promise<Set<string>> => {
    const received = (await (await fetch(`${server.url}/control/${orgId}`)).json()) as { body: string }[];
    return new Set(received.map(({ body }) => nameOf(JSON.parse(body) as Told)));
  };
  return {
    async subscribe(ask, orgId) {
      const moods = Array.from({ length: 30 }, () => BAD[roll(BAD.length * 2)] ?? { status: 204 });
      const body = JSON.stringify([...moods, { status: 204 }]);
      await (await fetch(`${server.url}/control/${orgId}`, { method: "POST", body })).text();
      const events = ["document.ready", "document.failed", "batch.completed"];
      const answer = await ask.json("POST", "/api/v1/webhooks", {
        url: `${server.url}/hooks/${orgId}`,
        events,
      });
      expect(answer.status, answer.text).toBe(201);
    },
    async check(stack) {
      await settleNews(stack);
      const ended = await stack.sql(`
        select org_id, 'document.' || status || ' ' || id || ' ' || version as name from kalamna.documents
        union all select org_id, 'batch.completed ' || id from kalamna.batches`);
      const told = await stack.sql("select org_id, status, payload from kalamna.webhook_deliveries");
      const messages = told.map(({ payload }) => nameOf(payload as Told));
      expect(told.filter(({ status }) => status !== "delivered")).toEqual([]);
      expect(
        messages.filter((name, at) => messages.indexOf(name) !== at),
        "told twice",
      ).toEqual([]);
      const heard = new Map<string, Set<string>>();
      for (const { org_id } of ended) if (!heard.has(org_id)) heard.set(org_id, await hearing(org_id));
      expect(
        ended.filter(({ org_id, name }) => !heard.get(org_id)?.has(name)).map(({ name }) => name),
        "nobody heard of",
      ).toEqual([]);
    },
    close: () => server.close(),
  };
}
