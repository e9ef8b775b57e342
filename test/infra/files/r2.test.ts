import { expect, test } from "vitest";
import { r2Files } from "../../../src/infra/files/r2.ts";

test("files that cannot be reached are a failure to try again in five seconds, for each of the verbs", async () => {
  const away = () => Promise.reject(new Error("R2 is away"));
  const bucket = { get: away, head: away, delete: away, list: away } as unknown as R2Bucket;
  const files = r2Files(bucket);
  for (const work of [files.open("org/x"), files.remove(["org/x"]), files.removeAll("x"), files.ping()]) {
    await expect(work).rejects.toMatchObject({ code: "storage_unavailable", retryable: true, retryAfter: 5 });
  }
});
