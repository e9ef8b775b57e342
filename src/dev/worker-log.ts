/** Keeps the Worker's log lines in a file and shows the failures and the e-mails that nobody sends. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import type { WorkerLine } from "./worker-host.ts";

/** A longer file is put aside at the next start, and the one put aside before is dropped. */
const MAX_BYTES = 20 * 1024 * 1024;

const Failure = z.looseObject({
  request_id: z.string(),
  method: z.string().optional(),
  route: z.string().optional(),
  job: z.string().optional(),
  status: z.number().optional(),
  code: z.string().optional(),
  cause: z.string().optional(),
});

/** What infra/email/mailbox.ts kept. */
const Mailed = z.object({ mailbox: z.object({ to: z.string(), subject: z.string(), text: z.string() }) });

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** A letter as somebody reads it at the terminal; undefined for every other line. */
function letter(message: string): string | undefined {
  const mail = Mailed.safeParse(parsed(message)).data?.mailbox;
  if (!mail) return undefined;
  const text = mail.text.trim().replaceAll("\n", "\n  | ");
  return `E-mail to ${mail.to}: ${mail.subject}\n  | ${text}`;
}

/** A failure in one line; everything else about it is in the file. */
function summary(message: string): string {
  const { data } = Failure.safeParse(parsed(message));
  if (!data) return message;
  const what = [data.method, data.route, data.job, data.status, data.code].filter(
    (part) => part !== undefined,
  );
  return `error: ${what.join(" ")}${data.cause ? `: ${data.cause}` : ""} (request ${data.request_id})`;
}

/**
 * @param show gets the lines somebody at the terminal must see
 * @returns a sink for the Worker's lines, appended to `file`
 */
export function workerLog(file: string, show: (line: string) => void): (line: WorkerLine) => void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, `${file}.1`);
  return ({ level, message }) => {
    appendFileSync(file, `${message}\n`);
    if (level === "error") show(summary(message));
    const mail = level === "error" ? undefined : letter(message);
    if (mail) show(mail);
  };
}
