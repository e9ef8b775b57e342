/** What a server says about when to come back. */

/** Seconds of a `Retry-After` header, which names seconds or a date (RFC 9110 §10.2.3); null for anything else. */
export function retryAfterSeconds(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - now.getTime()) / 1000));
}
