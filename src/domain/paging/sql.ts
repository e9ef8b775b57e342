/** The parts of a statement that reads one page of a table by date. */
import { and, desc, eq, lt, or, type SQL } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Page } from "./page.ts";

type Dated = { createdAt: AnyPgColumn; id: AnyPgColumn };

/** Where the page begins; rows of the same moment follow each other by id. */
export const olderThan = ({ createdAt, id }: Dated, { after }: Page): SQL | undefined =>
  after
    ? or(lt(createdAt, after.createdAt), and(eq(createdAt, after.createdAt), lt(id, after.id)))
    : undefined;

export const newestFirst = ({ createdAt, id }: Dated): SQL[] => [desc(createdAt), desc(id)];
