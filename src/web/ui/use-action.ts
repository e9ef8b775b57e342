/** Something a person sets off: whether it is going on, and what went wrong with it. */
import { useCallback, useRef, useState } from "preact/hooks";
import { type Problem, toProblem } from "./problem.ts";

export function useAction<A extends unknown[]>(action: (...given: A) => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useRef(action);
  newest.current = action;
  /** Resolves to whether it worked. */
  const run = useCallback(async (...given: A): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await newest.current(...given);
      return true;
    } catch (thrown) {
      setProblem(toProblem(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { run, busy, problem, clear: useCallback(() => setProblem(null), []) };
}

/** Props of a form that runs `action` and nothing else. */
export const onSubmit = (action: () => unknown) => (event: Event) => {
  event.preventDefault();
  action();
};
