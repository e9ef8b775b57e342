/** What went wrong, in words, with the request id that the server's log has too. */
import { CopyButton } from "./copy.tsx";
import { Icon } from "./icons.tsx";
import type { Problem } from "./problem.ts";
import { titleOf } from "./problem-words.ts";
import { words } from "./words.ts";

const t = words({
  retry: ["Try again", "حاول مرة أخرى"],
  request: ["Request", "رقم الطلب"],
});

type ProblemProps = { problem: Problem; onRetry?: (() => void) | undefined };

export function ProblemNote({ problem, onRetry }: ProblemProps) {
  const title = titleOf(problem);
  return (
    <div class="callout danger" role="alert">
      <div class="row">
        <Icon name="warn" />
        <strong class="grow" dir="auto">
          {title}
        </strong>
        {onRetry && (
          <button type="button" class="button small" onClick={onRetry}>
            {t("retry")}
          </button>
        )}
      </div>
      {problem.detail !== title && (
        <p class="small wrap-anywhere" dir="auto">
          {problem.detail}
        </p>
      )}
      {problem.requestId && (
        <p class="row small muted">
          <span>
            {t("request")} <code>{problem.requestId}</code>
          </span>
          <CopyButton text={problem.requestId} />
        </p>
      )}
    </div>
  );
}
