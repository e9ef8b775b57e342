/** Vectors on their way to Postgres. */
import { toSql } from "pgvector";

/** pgvector's text form, `[0.1,…]`. Five decimals keep all that half precision does, and halve what travels. */
export function vectorText(vector: readonly number[]): string {
  return String(toSql(vector.map((value) => Math.round(value * 1e5) / 1e5)));
}
