/** A database handle whose batches stop where they are told to: in Node, on a real Postgres with many sessions. */
import { drizzle } from "drizzle-orm/neon-http";
import pg from "pg";
import type { Database } from "../../src/infra/db/client.ts";

export type Stepped = {
  db: Database;
  /** Statements so far, over all batches, each commit being one. */
  done(): number;
  /** Of the session, while there is one. */
  pid(): number | undefined;
  close(): Promise<void>;
};

type Query = { text: string; values: unknown[]; arrayMode: boolean };

/** What Neon's driver leaves to Drizzle comes as text. */
const asText = { getTypeParser: () => (text: string) => text };
const JSON_TYPES = [114, 3802];
const NUMBERS = [21, 23, 700, 701];
const types = {
  getTypeParser: (oid: number) =>
    oid === 16
      ? (text: string) => text === "t"
      : NUMBERS.includes(oid)
        ? Number
        : JSON_TYPES.includes(oid)
          ? JSON.parse
          : asText.getTypeParser(),
};

/**
 * @param before is awaited before each statement, and before each commit; `nth` counts both from 0
 */
export async function stepped(
  connectionString: string,
  before: (nth: number, text: string) => Promise<void>,
): Promise<Stepped> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  let count = 0;
  const step = async (text: string, run: () => Promise<pg.QueryResult>) => {
    await before(count, text);
    const result = await run();
    count += 1;
    return result;
  };
  const one = ({ text, values, arrayMode }: Query) =>
    client.query({ text, values, types, ...(arrayMode ? { rowMode: "array" } : {}) } as pg.QueryConfig);
  const query = (text: string, values: unknown[], { arrayMode }: { arrayMode: boolean }): Query => ({
    text,
    values,
    arrayMode,
  });
  const transaction = async (queries: Query[]) => {
    await client.query("begin");
    try {
      const results: pg.QueryResult[] = [];
      for (const each of queries) results.push(await step(each.text, () => one(each)));
      await step("commit", () => client.query("commit"));
      return results;
    } catch (thrown) {
      await client.query("rollback");
      throw thrown;
    }
  };
  const driver = Object.assign(query, { query, transaction });
  return {
    db: drizzle({ client: driver as never }),
    done: () => count,
    pid: () => (client as unknown as { processID?: number }).processID,
    close: () => client.end(),
  };
}
