/** What an isolate remembers for a moment, so that proving a caller costs a round trip once and not every time. */

export type Memory<T> = {
  get(key: string, now: Date): T | undefined;
  /** @param until milliseconds since the epoch after which the value must not be used, if that is sooner */
  set(key: string, value: T, now: Date, until?: number): void;
};

/** Holds at most `entries` values for at most `ttlMs`; the oldest makes room. */
export function memory<T>(ttlMs: number, entries: number): Memory<T> {
  const held = new Map<string, { value: T; until: number }>();
  return {
    get(key, now) {
      const found = held.get(key);
      if (!found) return undefined;
      if (found.until > now.getTime()) return found.value;
      held.delete(key);
      return undefined;
    },
    set(key, value, now, until = Number.POSITIVE_INFINITY) {
      held.delete(key);
      held.set(key, { value, until: Math.min(until, now.getTime() + ttlMs) });
      const oldest = held.keys().next();
      if (held.size > entries && !oldest.done) held.delete(oldest.value);
    },
  };
}
