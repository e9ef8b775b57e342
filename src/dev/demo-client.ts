/** How the demo's seed speaks to the public API: like any client. */
import * as z from "zod";

const Problem = z.object({ detail: z.string() });

function detailIn(problem: string): string {
  try {
    return Problem.parse(JSON.parse(problem)).detail;
  } catch {
    return problem.slice(0, 300);
  }
}

/** @returns the answer, or what it was refused with */
export async function call<T>(
  schema: z.ZodType<T>,
  url: string,
  init: RequestInit,
): Promise<T | { problem: string }> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) return { problem: `${response.status} ${detailIn(text)}` };
  return schema.parse(JSON.parse(text));
}

type JsonRequest = { method: string; headers: Record<string, string>; body: string };

export const json = (value: unknown, token?: string, method = "POST"): JsonRequest => ({
  method,
  headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
  body: JSON.stringify(value),
});

/** @throws Error for a refusal */
export function must<T>(what: string, answer: T | { problem: string }): T {
  if (answer !== null && typeof answer === "object" && "problem" in answer)
    throw new Error(`The demo cannot be set up: ${what} was answered with ${answer.problem}`);
  return answer as T;
}
