/** Ask: a conversation with the documents, its sources beside it, earlier ones behind a button. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import type { PageProps } from "../../routes.ts";
import { client, dataOf } from "../../typed.ts";
import { useWide } from "../../use-wide.ts";
import "./ask.css";
import { Composer } from "./composer.tsx";
import { Exchange } from "./exchange.tsx";
import { isRunning } from "./exchanges.ts";
import { Gone, NewLink } from "./gone.tsx";
import { History } from "./history.tsx";
import { SourcesPanel } from "./sources-panel.tsx";
import { Suggestions } from "./suggestions.tsx";
import type { Shown } from "./types.ts";
import { useConversation } from "./use-conversation.ts";
import { WithLogs } from "./with-logs.tsx";

const t = words({
  earlier: ["Earlier conversations", "محادثات سابقة"],
  conversation: ["Conversation", "المحادثة"],
  only: ["Only {name}", "فقط {name}"],
  everything: ["Ask all documents", "اسأل كل المستندات"],
});

export default function AskPage({ params }: PageProps) {
  const [, go] = useLocation();
  const search = new URLSearchParams(useSearch());
  const only = search.get("document");
  const [began, setBegan] = useState(0);
  const [logs, setLogs] = useState(false);
  const onSession = useCallback(
    (id: string) => {
      setBegan((count) => count + 1);
      go(`/ask/${id}${location.search}`, { replace: true });
    },
    [go],
  );
  const { exchanges, problem, loading, ask, stop, retry } = useConversation({
    sessionId: params.session ?? null,
    documentIds: only ? [only] : undefined,
    telemetry: logs,
    onSession,
  });
  const [shown, setShown] = useState<Shown | null>(null);
  const [earlier, setEarlier] = useState(false);
  const last = exchanges.at(-1);
  const running = last !== undefined && isRunning(last);
  useEffect(() => {
    setShown(null);
    setEarlier(false);
  }, [params.session]);
  useFollowedFoot(exchanges.length, `${last?.state} ${last?.answer.length}`);
  const open = shown && exchanges.find(({ key }) => key === shown.exchange);
  const roomy = useWide(1480);
  return (
    <div class={`ask${open ? " with-sources" : ""}${roomy ? " with-history" : ""}`}>
      {roomy && (
        <aside class="earlier" aria-label={t("earlier")}>
          <NewLink />
          <History current={params.session ?? null} version={began} />
        </aside>
      )}
      <section class="thread" aria-label={t("conversation")}>
        <div class="thread-body">
          {!roomy && (
            <div class="row thread-head">
              <button type="button" class="button quiet small" onClick={() => setEarlier(true)}>
                <Icon name="history" />
                {t("earlier")}
              </button>
              {exchanges.length > 0 && <NewLink />}
            </div>
          )}
          {problem && (problem.status === 404 ? <Gone /> : <ProblemNote problem={problem} />)}
          {loading && <Skeleton lines={6} />}
          {exchanges.length === 0 && !loading && !problem && (
            <Suggestions onAsk={(question) => void ask(question)} />
          )}
          {exchanges.map((exchange) => (
            <Exchange
              key={exchange.key}
              exchange={exchange}
              last={exchange === last}
              onShow={setShown}
              onRetry={() => void retry()}
            />
          ))}
        </div>
        <div class="composer-place">
          {only && <Only id={only} session={params.session} />}
          <WithLogs on={logs} onValue={setLogs} />
          <Composer running={running} onAsk={(question) => void ask(question)} onStop={() => void stop()} />
        </div>
      </section>
      {open && shown && (
        <SourcesPanel exchange={open} shown={shown} onShow={setShown} onClose={() => setShown(null)} />
      )}
      {earlier && (
        <Dialog title={t("earlier")} onClose={() => setEarlier(false)}>
          <History current={params.session ?? null} version={began} onDelete={() => setEarlier(false)} />
        </Dialog>
      )}
    </div>
  );
}

/** Questions go to one document alone. */
function Only({ id, session }: { id: string; session: string | undefined }) {
  const { data } = useData(`documents/${id}`, (signal) =>
    dataOf(client.GET("/api/v1/documents/{id}", { params: { path: { id } }, signal })),
  );
  return (
    <p class="row only">
      <span class="badge accent clip" dir="auto">
        {t("only", { name: data?.document.title ?? data?.document.name ?? "…" })}
      </span>
      <Link class="small" href={session ? `/ask/${session}` : "/ask"}>
        {t("everything")}
      </Link>
    </p>
  );
}

/** How near its foot a page must be to be kept there, in pixels. */
const NEAR = 160;

/**
 * Keeps the newest words in view, unless somebody has scrolled up to read.
 * @param last what has become of the last exchange: its end may say that it failed
 */
function useFollowedFoot(exchanges: number, last: string) {
  const page = document.documentElement;
  const atFoot = useRef(true);
  // To the very end: the composer stands over what is just above the window's foot.
  const follow = () => page.scrollTo({ top: page.scrollHeight });
  useEffect(() => {
    const note = () => {
      atFoot.current = page.scrollHeight - page.scrollTop - page.clientHeight < NEAR;
    };
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, []);
  useEffect(() => {
    if (exchanges > 0) follow();
  }, [exchanges]);
  useEffect(() => {
    if (atFoot.current) follow();
  }, [last]);
}
