/** Ask: a conversation with the documents, its sources beside it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useSearch } from "wouter-preact";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import type { PageProps } from "../../routes.ts";
import "./ask.css";
import { Composer } from "./composer.tsx";
import { Exchange } from "./exchange.tsx";
import { SourcesPanel } from "./sources-panel.tsx";
import { Suggestions } from "./suggestions.tsx";
import type { Shown } from "./types.ts";
import { isRunning, useConversation } from "./use-conversation.ts";

const t = words({
  new: ["New conversation", "محادثة جديدة"],
  conversation: ["Conversation", "المحادثة"],
});

export default function AskPage(_: PageProps) {
  const only = new URLSearchParams(useSearch()).get("document");
  const { exchanges, ask, stop, retry, clear } = useConversation({
    documentIds: only ? [only] : undefined,
  });
  const [shown, setShown] = useState<Shown | null>(null);
  const last = exchanges.at(-1);
  const running = last !== undefined && isRunning(last);
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    foot.current?.scrollIntoView({ block: "end" });
  }, [exchanges.length]);
  const open = shown && exchanges.find(({ key }) => key === shown.exchange);
  return (
    <div class={open ? "ask with-sources" : "ask"}>
      <section class="thread" aria-label={t("conversation")}>
        <div class="thread-body">
          {exchanges.length === 0 ? (
            <Suggestions onAsk={(question) => void ask(question)} />
          ) : (
            <div class="row thread-head">
              <button
                type="button"
                class="button small"
                onClick={() => {
                  clear();
                  setShown(null);
                }}
              >
                <Icon name="plus" />
                {t("new")}
              </button>
            </div>
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
          <div ref={foot} />
        </div>
        <Composer running={running} onAsk={(question) => void ask(question)} onStop={stop} />
      </section>
      {open && shown && (
        <SourcesPanel exchange={open} shown={shown} onShow={setShown} onClose={() => setShown(null)} />
      )}
    </div>
  );
}
