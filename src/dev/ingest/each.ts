/** Works through a list, several at a time. */

/** `work` on every item, at most `width` at once; the first failure ends it, after what was begun has ended. */
export async function each<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  const done = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, worker));
  for (const result of done) if (result.status === "rejected") throw result.reason;
}
