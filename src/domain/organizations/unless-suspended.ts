/** What is deferred waits while its organization is suspended. */
import { toAppError } from "../../errors.ts";

/**
 * Does `work` of an organization that may have been suspended since the sweeper found it.
 * @returns undefined when it was
 * @throws whatever else `work` fails with
 */
export async function unlessSuspended<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (toAppError(thrown).code !== "session_revoked") throw thrown;
    return undefined;
  }
}
