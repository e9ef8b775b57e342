/** When a message that did not get through is tried again. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds after the first, second … failure; the example of Standard Webhooks 1.0, three days in all. */
const PAUSES = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** A receiver may ask for more time, but not for ever. */
const LONGEST = 24 * HOUR;

/**
 * Seconds until the next try, up to a fifth more than planned so that a herd spreads out; null after the last.
 * @param attempts made so far, this one included
 * @param retryAfter seconds that the receiver asked for
 * @param random 0 to 1
 */
export function pauseAfter(attempts: number, retryAfter: number | null, random: number): number | null {
  const planned = PAUSES[attempts - 1];
  if (planned === undefined) return null;
  return Math.max(Math.ceil(planned * (1 + random / 5)), Math.min(retryAfter ?? 0, LONGEST));
}
