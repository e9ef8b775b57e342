/** What a host asks of robots (RFC 9309), remembered for a day. */
import robotsParser from "robots-parser";
import type { Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { readUpTo } from "./body.ts";
import { findHost, saveRobots } from "./step-sql.ts";

/** The name that robots.txt files know us by. */
const ROBOT = "Kalamna";
/** RFC 9309 §2.4. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** A host that could not say is asked again sooner. */
const KEEP_UNKNOWN_MS = 60 * 1000;
/** RFC 9309 §2.5 demands 500 KiB at least. */
const MAX_BYTES = 512 * 1024;
const TIMEOUT_MS = 10_000;
/** Between two requests to a host that asks for nothing else, in milliseconds. */
const PACE_MS = 250;
/** The longest pause that we keep to; a file that asks for an hour would hold a source for months. */
const MAX_PACE_MS = 30_000;

export type Robots = {
  /** False also while the host cannot say: complete disallow, RFC 9309 §2.3.1.4. */
  allows(url: string): boolean;
  /** Why nothing can be said; try again later. */
  unreachable: string | null;
  /** Pause between two requests, in milliseconds. */
  paceMs: number;
  sitemaps: string[];
};

/**
 * What the host asks of robots, as remembered or as it says now. A host that cannot say allows nothing for a minute.
 * @throws AppError what database and storage fail with; never what the host does
 */
export async function robotsOf(ctx: Ctx, origin: string): Promise<Robots> {
  const { orgId } = ctx.actor;
  const [[known]] = await tenantBatch(ctx, (db) => [findHost(db, orgId, origin)]);
  const age = known?.robotsAt ? ctx.now().getTime() - new Date(known.robotsAt).getTime() : Infinity;
  if (known && age < (isUnreachable(known.robotsStatus) ? KEEP_UNKNOWN_MS : KEEP_MS)) {
    return readRobots(origin, known.robotsStatus, known.robots);
  }
  const { status, text, reason } = await fetchRobots(ctx, origin);
  await tenantBatch(ctx, (db) => [saveRobots(db, orgId, origin, { status, text })]);
  return readRobots(origin, status, text, reason);
}

type Answered = { status: number | null; text: string | null; reason?: string };

async function fetchRobots(ctx: Ctx, origin: string): Promise<Answered> {
  try {
    const answer = await ctx.ports.web.get(`${origin}/robots.txt`, {
      maxBytes: 64 * 1024 * 1024,
      timeoutMs: TIMEOUT_MS,
      accept: "text/plain",
      signal: ctx.signal,
    });
    const { bytes } = await readUpTo(answer.body, MAX_BYTES);
    // Postgres text cannot hold U+0000.
    const text = new TextDecoder().decode(bytes).replaceAll("\0", "");
    return { status: answer.status, text: answer.status < 300 ? text : null };
  } catch (thrown) {
    const error = toAppError(thrown);
    // The page itself will be refused for the same reason, and can say so.
    if (error.code === "url_refused") return { status: 404, text: null };
    if (error.code !== "fetch_failed" && error.code !== "too_large") throw error;
    return { status: null, text: null, reason: error.message };
  }
}

const isUnreachable = (status: number | null): boolean => status === null || status === 429 || status >= 500;

/** Pure: what a host's answer means. */
export function readRobots(
  origin: string,
  status: number | null,
  text: string | null,
  reason?: string,
): Robots {
  if (isUnreachable(status)) {
    const said = reason ?? (status === null ? "Nothing answers there." : `It answers ${status}.`);
    return {
      allows: () => false,
      unreachable: `We could not read ${origin}/robots.txt, so we keep away for now. ${said}`,
      paceMs: PACE_MS,
      sitemaps: [],
    };
  }
  const rules = robotsParser(`${origin}/robots.txt`, text ?? "");
  const delay = rules.getCrawlDelay(ROBOT) ?? 0;
  return {
    allows: (url) => rules.isAllowed(url, ROBOT) ?? true,
    unreachable: null,
    paceMs: Math.min(MAX_PACE_MS, Math.max(PACE_MS, Number.isFinite(delay) ? delay * 1000 : 0)),
    sitemaps: rules.getSitemaps(),
  };
}
