/** A model's reply that was asked to be JSON and nothing else. */
import type * as z from "zod";

/** The value it holds, parsed by `schema`; null for anything else. A code fence around it is forgiven. */
export function jsonReply<T extends z.ZodType>(text: string, schema: T): z.infer<T> | null {
  const bare = text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, "$1");
  try {
    return schema.safeParse(JSON.parse(bare)).data ?? null;
  } catch {
    return null;
  }
}
