/** The API with its types: signed in, and every failure thrown as a Problem. */
import { kalamna, type Schemas } from "../api/client.ts";
import { Problem } from "../ui/problem.ts";
import { sendSigned } from "./api.ts";

export type { Schemas };

export const client = kalamna({ fetch: sendSigned });

/**
 * What an answer carries.
 * @example const { answer } = await dataOf(client.GET("/api/v1/knowledge/answers/{id}", { params: { path: { id } } }));
 * @throws Problem
 */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new Problem(500, { code: "internal" });
  return data;
}

type Given<Q> = { [K in keyof Q]?: NonNullable<Q[K]> };

/** A query without what nobody filled in. */
export const given = <Q extends object>(query: Q): Given<Q> =>
  Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  ) as Given<Q>;

type Page<T> = { data: T[]; next_cursor: string | null };

/**
 * Everything of a short list, page by page.
 * @example const groups = await all((query) => client.GET("/api/v1/groups", { params: { query }, signal }));
 * @throws Problem
 */
export async function all<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<{ data?: Page<T> }>,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await dataOf(read({ limit: 200, ...(cursor !== null && { cursor }) }));
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}
