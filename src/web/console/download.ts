/** Hands a file from the API to the browser's downloads. */
import { dataOf } from "./typed.ts";

/**
 * @example await download(client.GET("/api/v1/audit/export", { parseAs: "blob" }), "audit.ndjson");
 * @throws Problem
 */
export async function download(file: Promise<{ data?: Blob }>, name: string): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await dataOf(file));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
