/** Short lists that several pages need whole, and what the installation allows. */
import { all, client, dataOf } from "./typed.ts";

export const allGroups = (signal: AbortSignal) =>
  all((query) => client.GET("/api/v1/groups", { params: { query }, signal }));

export const allPeople = (signal: AbortSignal) =>
  all((query) => client.GET("/api/v1/employees", { params: { query }, signal }));

/** Bytes that a file may have. */
export const largestFile = async (signal: AbortSignal): Promise<number> =>
  (await dataOf(client.GET("/api/v1/org", { signal }))).limits.file_bytes;
