/** Statements about messages: what was asked and answered. */
import type { Database } from "../../infra/db/client.ts";
import { messages } from "../../infra/db/schema.ts";

export type NewMessage = typeof messages.$inferInsert;

/** Needs the service's rights: what was asked is kept also when the asker's rights have ended meanwhile. */
export const saveMessage = (db: Database, message: NewMessage) => db.insert(messages).values(message);
