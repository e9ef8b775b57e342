/** A clock that aborts work which stops making progress. */

export type Deadline = {
  /** Aborted by the caller's signal or when the time runs out. */
  signal: AbortSignal;
  /** Of the same signal, for code that wants to abort its own work. */
  controller: AbortController;
  /** Progress: the time starts anew. */
  extend(): void;
  /** It is not the provider that we wait for: the time stands still until {@link Deadline.extend}. */
  hold(): void;
  /** Did the time run out? */
  expired(): boolean;
  /** Always call it: a running timer keeps the isolate busy. */
  clear(): void;
};

/**
 * @param ms how long without {@link Deadline.extend} is too long
 * @param firstMs the same before the first one
 */
export function deadline(ms: number, caller: AbortSignal, firstMs = ms): Deadline {
  const controller = new AbortController();
  let expired = false;
  let due = Date.now() + firstMs;
  const onAbort = () => controller.abort(caller.reason);
  if (caller.aborted) onAbort();
  else caller.addEventListener("abort", onAbort, { once: true });
  const check = () => {
    const left = due - Date.now();
    if (left > 0) {
      timer = setTimeout(check, Math.min(left, ms));
      return;
    }
    expired = true;
    controller.abort(new DOMException("No answer in time", "TimeoutError"));
  };
  let timer = setTimeout(check, Math.min(ms, firstMs));
  return {
    signal: controller.signal,
    controller,
    extend() {
      due = Date.now() + ms;
    },
    hold() {
      due = Number.POSITIVE_INFINITY;
    },
    expired: () => expired,
    clear() {
      clearTimeout(timer);
      caller.removeEventListener("abort", onAbort);
    },
  };
}
