import { describe, expect, test, vi } from "vitest";
import { r2Files } from "../../../src/infra/files/r2.ts";

test("files that cannot be reached are a failure to try again in five seconds, for each of the verbs", async () => {
  const away = () => Promise.reject(new Error("R2 is away"));
  const bucket = { get: away, head: away, delete: away, list: away } as unknown as R2Bucket;
  const files = r2Files(bucket);
  for (const work of [files.open("org/x"), files.remove(["org/x"]), files.removeAll("x"), files.ping()]) {
    await expect(work).rejects.toMatchObject({ code: "storage_unavailable", retryable: true, retryAfter: 5 });
  }
});

describe("storage that goes away while a large file comes", () => {
  const away = () => Promise.reject(new Error("R2 is away"));
  const upload = () => ({
    uploadPart: vi.fn(async (partNumber: number) => ({ partNumber, etag: "x" })),
    complete: vi.fn(async () => undefined),
    abort: vi.fn(async () => undefined),
  });
  const twelveMegabytes = () => new Blob([new Uint8Array(12 * 1024 * 1024)]).stream();
  const store = (bucket: object) =>
    r2Files(bucket as R2Bucket).store("one", twelveMegabytes(), 50 * 1024 * 1024);

  test("with one of its parts ends the upload, so that the parts do not stay", async () => {
    const begun = upload();
    begun.uploadPart
      .mockImplementationOnce(async (partNumber) => ({ partNumber, etag: "x" }))
      .mockImplementationOnce(away);
    await expect(store({ createMultipartUpload: async () => begun })).rejects.toMatchObject({
      code: "storage_unavailable",
    });
    expect(begun.abort).toHaveBeenCalledOnce();
    expect(begun.complete).not.toHaveBeenCalled();
  });

  test("before it has its name removes what was kept for it until then", async () => {
    const removed: string[] = [];
    const kept: string[] = [];
    const bucket = {
      createMultipartUpload: async (key: string) => {
        kept.push(key);
        return upload();
      },
      get: away,
      delete: async (key: string) => void removed.push(key),
    };
    await expect(store(bucket)).rejects.toMatchObject({ code: "storage_unavailable" });
    expect(kept).toHaveLength(1);
    expect(removed).toEqual(kept);
  });
});
