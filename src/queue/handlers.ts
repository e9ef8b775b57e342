/** What each kind of message means: how it is done, and what follows when it cannot be. */
import type { Ctx } from "../context.ts";
import { proceedLater } from "../domain/deletions/proceed.ts";
import { step as stepEval } from "../domain/evals/step.ts";
import { embedDrafts } from "../domain/ingestion/embed-drafts.ts";
import { extractDocument } from "../domain/ingestion/extract-document.ts";
import { abandon, giveUp, postpone } from "../domain/ingestion/give-up.ts";
import { publish } from "../domain/ingestion/publish.ts";
import { takeTurn } from "../domain/ingestion/turns.ts";
import { fail as failChange, postpone as postponeChange } from "../domain/models/fail.ts";
import { reembed } from "../domain/models/reembed.ts";
import { failRun } from "../domain/sources/end-run.ts";
import { step } from "../domain/sources/step.ts";
import { drain } from "../domain/webhooks/drain.ts";
import { AppError } from "../errors.ts";
import type { Job, Lane } from "../infra/jobs/port.ts";

export type Handler<J extends Job> = {
  /** What the log line calls what it is about. */
  fields(job: J): Record<string, string | number>;
  /** @returns the outcome, for the log */
  perform(ctx: Ctx, job: J, lane: Lane): Promise<string>;
  /** It failed and trying again is of no use. */
  giveUp(ctx: Ctx, job: J, error: AppError): Promise<void>;
  /** It failed and will be tried again. */
  postpone(ctx: Ctx, job: J, error: AppError): Promise<void>;
  /** The last try failed. */
  abandon(ctx: Ctx, job: J): Promise<void>;
};

type DocumentJob = Extract<Job, { document_id: string }>;

const versionOf = (job: DocumentJob) => ({ orgId: job.org_id, id: job.document_id, version: job.version });

const aboutDocument = {
  fields: (job: DocumentJob) => ({ document: job.document_id, version: job.version }),
  giveUp: (ctx: Ctx, job: DocumentJob, error: AppError) => giveUp(ctx, versionOf(job), error),
  postpone: (ctx: Ctx, job: DocumentJob, error: AppError) => postpone(ctx, versionOf(job), error),
  abandon: (ctx: Ctx, job: DocumentJob) => abandon(ctx, versionOf(job)),
};

type ChangeJob = Extract<Job, { kind: "organization.reembed" }>;

const pieceOf = (job: ChangeJob) => ({ orgId: job.org_id, changeId: job.change_id, piece: job.piece });

type StepJob = Extract<Job, { kind: "source.step" }>;

const runOf = (job: StepJob) => ({ orgId: job.org_id, id: job.source_id, run: job.run });
const NO_LAST_WORD = "Reading this source took too many tries.";

const nothing = async () => undefined;
/** What is left to do stands in a table, where the sweeper finds it. */
const leftToSweeper = { giveUp: nothing, postpone: nothing, abandon: nothing };

const HANDLERS: { [K in Job["kind"]]: Handler<Extract<Job, { kind: K }>> } = {
  "document.extract": {
    ...aboutDocument,
    perform: (ctx, job) => extractDocument(ctx, versionOf(job)),
  },
  "document.embed": {
    ...aboutDocument,
    async perform(ctx, job) {
      const embedded = await embedDrafts(ctx, versionOf(job), job.from, job.to);
      return (await publish(ctx, versionOf(job), embedded)) ? "published" : "embedded";
    },
  },
  "bulk.turn": {
    fields: ({ slot }) => ({ slot }),
    perform: takeTurn,
    // What fails of a document is noted there; a turn that cannot begin comes again, or the sweeper sends another.
    ...leftToSweeper,
  },
  "documents.delete": {
    fields: (job) => ({ deletion: job.deletion_id }),
    perform: (ctx, job) => proceedLater(ctx, job.deletion_id),
    ...leftToSweeper,
  },
  "webhook.deliver": {
    fields: (job) => ({ webhook: job.webhook_id }),
    perform: (ctx, job) => drain(ctx, { orgId: job.org_id, id: job.webhook_id }, job.turn),
    ...leftToSweeper,
  },
  "organization.reembed": {
    fields: ({ change_id, piece }) => ({ change: change_id, piece }),
    perform: (ctx, job) => reembed(ctx, pieceOf(job)),
    giveUp: (ctx, job, error) => failChange(ctx, pieceOf(job), error),
    postpone: (ctx, job, error) => failChange(ctx, pieceOf(job), error),
    abandon: (ctx, job) => postponeChange(ctx, pieceOf(job)),
  },
  "eval.step": {
    fields: ({ run_id, piece }) => ({ run: run_id, piece }),
    perform: (ctx, { org_id: orgId, run_id: runId, piece }) => stepEval(ctx, { orgId, runId, piece }),
    // The step has given its lease back, and counts the tries of each question.
    ...leftToSweeper,
  },
  "source.step": {
    fields: (job) => ({ source: job.source_id, run: job.run }),
    perform: (ctx, job) => step(ctx, runOf(job)),
    giveUp: (ctx, job, error) => failRun(ctx, runOf(job), error),
    // The step has given its lease back.
    postpone: nothing,
    abandon: (ctx, job) =>
      failRun(ctx, runOf(job), new AppError("ingestion_timeout", { detail: NO_LAST_WORD })),
  },
};

/** The handler of this very kind of job. */
export const handlerOf = (job: Job): Handler<Job> => HANDLERS[job.kind] as Handler<Job>;
