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
