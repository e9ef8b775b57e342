/** Removes something that is already gone from the screen, unless its owner regrets it. */
import { toProblem } from "../ui/problem.ts";
import { titleOf } from "../ui/problem-words.ts";
import { toast } from "../ui/toast.tsx";

/** So long one may change one's mind, in milliseconds. */
const REGRET_MS = 6_500;

/** @param show brings it back: it was regretted, or could not be removed */
export function removeLater(
  text: string,
  remove: () => Promise<unknown>,
  show: (regretted: boolean) => void,
): void {
  let regretted = false;
  toast(text, () => {
    regretted = true;
    show(true);
  });
  setTimeout(() => {
    if (regretted) return;
    remove().catch((thrown: unknown) => {
      show(false);
      toast(titleOf(toProblem(thrown)));
    });
  }, REGRET_MS);
}
