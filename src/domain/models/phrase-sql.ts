/** Statements that bring taught answers to another embedding model; their migration holds what they call. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { Piece } from "./sql.ts";

export type LackingPhrase = { taught_id: string; ordinal: number; text: string };

export const phrasesWithoutVector = (db: Database, { changeId }: Piece, limit: number) =>
  db.execute<LackingPhrase>(sql`
    select taught_id, ordinal, text from kalamna.phrases_without_vector(${changeId}::uuid, ${limit}::int)`);

/** `staged` is false when the change is over. @param phrases each with its vector, in pgvector's text form */
export const stagePhrases = (
  db: Database,
  { changeId }: Piece,
  phrases: readonly (LackingPhrase & { vector: string })[],
  tokens: number,
) =>
  db.execute<{ staged: boolean }>(sql`
    select kalamna.stage_phrases(${changeId}::uuid, ${JSON.stringify(phrases)}::jsonb, ${tokens}::bigint) as staged`);
