import { expect, test } from "vitest";
import type { Job } from "../../../src/infra/jobs/port.ts";
import { queueJobs } from "../../../src/infra/jobs/queues.ts";

const job = (): Job => ({
  kind: "document.extract",
  org_id: crypto.randomUUID(),
  document_id: crypto.randomUUID(),
  version: 1,
  request_id: "r",
});
const lanes = (sendBatch: (messages: unknown[]) => Promise<void>) => {
  const queue = { sendBatch } as unknown as Queue;
  return { ingest: queue, "ingest-bulk": queue, webhooks: queue };
};

test("more jobs than the platform takes at once all arrive, in order", async () => {
  const jobs = Array.from({ length: 250 }, job);
  const batches: { body: Job }[][] = [];
  const send = async (messages: unknown[]) => void batches.push(messages as { body: Job }[]);
  await queueJobs(lanes(send)).send("ingest", jobs);
  expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(batches.flat().map(({ body }) => body)).toEqual(jobs);
});

test("a queue that is away is a failure that can be tried again, and does not say where it is", async () => {
  const away = lanes(() => Promise.reject(new Error("queue 10.0.0.1 refused")));
  await expect(queueJobs(away).send("ingest", [job()])).rejects.toMatchObject({
    code: "storage_unavailable",
    retryable: true,
    message: "The work queue cannot be reached.",
  });
});
