/** Vectors on their way to Postgres. */
import { toSql } from "pgvector";

/** A question's vector goes to the database several times. */
const written = new WeakMap<readonly number[], string>();

/** pgvector's text form, `[0.1,…]`. Five decimals keep all that half precision does, and halve what travels. */
export function vectorText(vector: readonly number[]): string {
  const known = written.get(vector);
  if (known !== undefined) return known;
  const text = String(toSql(vector.map((value) => Math.round(value * 1e5) / 1e5)));
  written.set(vector, text);
  return text;
}
