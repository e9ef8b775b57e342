/** Statements that count questions and answers; what they call holds the organization and checks who asks. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { Period } from "./period.ts";

const within = ({ from, to }: Period) => sql`${from}::timestamptz, ${to}::timestamptz`;

/** Median, 95th and 99th percentile; null without a measurement. */
type Percentiles = [number, number, number] | null;

export type Figures = {
  questions: number;
  people: number;
  answered: number;
  grounded: number;
  not_in_documents: number;
  failed: number;
  stopped: number;
  taught: number;
  cache_hits: number;
  up: number;
  down: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost: number;
  first_token_ms: Percentiles;
  total_ms: Percentiles;
};

export const figuresOf = (db: Database, period: Period) =>
  db.execute<{ figures: Figures }>(sql`select kalamna.question_figures(${within(period)}) as figures`);

export type SeriesRow = {
  period: string;
  questions: number;
  people: number;
  answered: number;
  grounded: number;
  not_in_documents: number;
  failed: number;
  stopped: number;
  cache_hits: number;
  up: number;
  down: number;
  tokens: number;
  cost: number;
  /** Median and 95th percentile of whole answers, in milliseconds; null without one. */
  p50_ms: number | null;
  p95_ms: number | null;
};

export const seriesOf = (db: Database, period: Period, step: string, zone: string) =>
  db.execute<SeriesRow>(sql`select * from kalamna.question_series(${within(period)}, ${step}, ${zone})`);

export type AskedRow = {
  id: string;
  question: string;
  asked_at: string;
  grounded: boolean;
  rating: number | null;
  expected_answer: string | null;
};

export const askedIn = (db: Database, period: Period, gaps: boolean, most: number) =>
  db.execute<AskedRow>(sql`select * from kalamna.asked_questions(${within(period)}, ${gaps}, ${most}::int)`);

export type DocumentUse = {
  document_id: string;
  name: string;
  retrieved: number;
  cited: number;
  up: number;
  down: number;
};

export const documentUse = (db: Database, period: Period, most: number) =>
  db.execute<DocumentUse>(sql`select * from kalamna.document_use(${within(period)}, ${most}::int)`);

export type Asker = {
  who: string;
  email: string | null;
  questions: number;
  answered: number;
  up: number;
  down: number;
  tokens: number;
  cost: number;
  last_asked: string;
};

export const askersIn = (db: Database, period: Period, byPerson: boolean, most: number) =>
  db.execute<Asker>(sql`select * from kalamna.question_askers(${within(period)}, ${byPerson}, ${most}::int)`);
