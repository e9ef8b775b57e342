/** Moments as the API writes them. */

/** Postgres writes `2026-11-21 02:22:00.1+00`; clients expect RFC 3339. Null stays null. */
export function iso<T extends string | null>(moment: T): T extends string ? string : T;
export function iso(moment: string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
