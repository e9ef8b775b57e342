/** What went wrong, in words, with the request id that the server's log has too. */
import { CopyButton } from "./copy.tsx";
import { useDetail } from "./detail.ts";
import { Icon } from "./icons.tsx";
import type { Problem } from "./problem.ts";
import { adviceOf, detailOf, titleOf } from "./problem-words.ts";
import { words } from "./words.ts";

const t = words({
  retry: ["Try again", "حاول مرة أخرى"],
  request: ["Request", "رقم الطلب"],
});

type ProblemProps = { problem: Problem; onRetry?: (() => void) | undefined };

export function ProblemNote({ problem, onRetry }: ProblemProps) {
  const detail = useDetail();
  const advice = adviceOf(problem);
  const more = detailOf(problem);
  return (
    <div class="callout danger" role="alert">
      <div class="row">
        <Icon name="warn" />
        <strong class="grow" dir="auto">
          {titleOf(problem)}
        </strong>
        {onRetry && (
          <button type="button" class="button small" onClick={onRetry}>
            {t("retry")}
          </button>
        )}
      </div>
      {advice && (
        <p class="small" dir="auto">
          {advice}
        </p>
      )}
      {more && (
        <p class="small wrap-anywhere" dir="auto">
          {detail(more)}
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
