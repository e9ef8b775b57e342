/** The reason an answer is aborted with when what came of it is to be kept as an answer. */

/** Unlike a reader who went away: the answer ends with `done`, as far as it came. */
export class Stopped extends Error {
  constructor() {
    super("The answer was stopped.");
    this.name = "Stopped";
  }
}

export const isStopped = (signal: AbortSignal): boolean => signal.aborted && signal.reason instanceof Stopped;
