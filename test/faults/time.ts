/** Time, for a product that waits minutes: everything that will be due is due sooner, and the sweeper comes by. */
import { setTimeout as pause } from "node:timers/promises";
import type { FaultStack } from "./stack.ts";

/** Moves what unfinished documents wait for into the past, as if `minutes` had gone by, and lets cron run. */
export async function leap(stack: FaultStack, minutes: number): Promise<void> {
  await stack.sql(
    // Triggers would write updated_at or versions; nothing but the clock is to change.
    "set local session_replication_role = replica",
    `update kalamna.documents set
       updated_at = updated_at - interval '${minutes} minutes', lease_until = lease_until - interval '${minutes} minutes',
       deadline_at = deadline_at - interval '${minutes} minutes', run_after = run_after - interval '${minutes} minutes'
      where status in ('pending', 'extracting', 'embedding')`,
    `update kalamna.bulk_turns set
       lease_until = lease_until - interval '${minutes} minutes', wakes_at = wakes_at - interval '${minutes} minutes'`,
    ...webhooksLater(`${minutes} minutes`),
  );
  await stack.cron();
}

const webhooksLater = (interval: string) => [
  `update kalamna.webhooks set turn_until = turn_until - interval '${interval}'`,
  `update kalamna.webhook_deliveries set next_attempt_at = next_attempt_at - interval '${interval}'
    where status = 'pending'`,
];

const MOST_DAYS = 10;

/** Lets days go by until every webhook message has got through: the last of their pauses is one. */
export async function settleNews(stack: FaultStack): Promise<void> {
  const waiting = async () =>
    Number(
      (await stack.sql("select count(*) from kalamna.webhook_deliveries where status = 'pending'"))[0]?.count,
    );
  for (let days = 0; ; days++) {
    let left = await waiting();
    for (let moved = Date.now(); left > 0 && Date.now() - moved < QUIET_MS; ) {
      await pause(150);
      const now = await waiting();
      if (now !== left) moved = Date.now();
      left = now;
    }
    if (left === 0) return;
    if (days >= MOST_DAYS) throw new Error(`${left} webhook messages never end (after ${days} days)`);
    await stack.sql(...webhooksLater("1 day"));
    await stack.cron();
  }
}

const unfinished = async (stack: FaultStack) => {
  const [row] = await stack.sql(`
    select count(*)::int as left, coalesce(max(updated_at)::text, '') || coalesce(max(attempt), 0) || min(status) as state
      from kalamna.documents where status in ('pending', 'extracting', 'embedding')`);
  return { left: Number(row?.left), state: `${row?.left} ${row?.state}` };
};

const QUIET_MS = 2_500;
/** Deadlines are an hour away: this many leaps stay below it. */
const MOST_LEAPS = 12;

/**
 * Waits until every document is finished, and leaps whenever nothing moves any more.
 * @returns how often it had to
 */
export async function settle(stack: FaultStack): Promise<number> {
  for (let leaps = 0; ; leaps++) {
    let last = await unfinished(stack);
    for (let moved = Date.now(); last.left > 0 && Date.now() - moved < QUIET_MS; ) {
      await pause(150);
      const now = await unfinished(stack);
      if (now.state !== last.state) moved = Date.now();
      last = now;
    }
    if (last.left === 0) return leaps;
    if (leaps >= MOST_LEAPS) throw new Error(`${last.left} documents never end (after ${leaps} sweeps)`);
    await leap(stack, 4);
  }
}
