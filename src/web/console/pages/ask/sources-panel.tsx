/** The passages of an answer, at the side or, on a narrow screen, above the page; one of them open in its document. */
import { useEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import { Dialog } from "../../../ui/dialog.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { useStore } from "../../../ui/store.ts";
import { words } from "../../../ui/words.ts";
import { session } from "../../session.ts";
import { useWide } from "../../use-wide.ts";
import { InContext } from "./in-context.tsx";
import type { Exchange, Shown, Source } from "./types.ts";

const t = words({
  sources: ["Sources", "المصادر"],
  close: ["Close sources", "أغلق المصادر"],
  page: ["Page {page}", "صفحة {page}"],
  open: ["Open document", "افتح المستند"],
  unkept: ["The text of this passage was not kept.", "لم يُحتفظ بنص هذا المقطع."],
  taught: ["Taught answer", "إجابة مُعلَّمة"],
});

type PanelProps = {
  exchange: Exchange;
  shown: Shown;
  onShow: (shown: Shown) => void;
  onClose: () => void;
};

export function SourcesPanel(props: PanelProps) {
  const wide = useWide(1180);
  if (!wide) {
    return (
      <Dialog title={t("sources")} onClose={props.onClose} wide>
        <Sources {...props} />
      </Dialog>
    );
  }
  return (
    <aside class="sources" aria-label={t("sources")}>
      <div class="row spread">
        <h2>{t("sources")}</h2>
        <button type="button" class="button quiet icon small" aria-label={t("close")} onClick={props.onClose}>
          <Icon name="close" />
        </button>
      </div>
      <Sources {...props} />
    </aside>
  );
}

function Sources({ exchange, shown, onShow }: PanelProps) {
  return (
    <ol class="source-list">
      {exchange.sources.map((source) => {
        const open = source.index === shown.index;
        const first = exchange.citations.find(({ index }) => index === source.index);
        const quote = open ? shown.quote : (first ?? null);
        return (
          <SourceItem
            key={source.index}
            source={source}
            open={open}
            quote={quote}
            onOpen={() => onShow({ exchange: exchange.key, index: source.index, quote })}
          />
        );
      })}
    </ol>
  );
}

type ItemProps = { source: Source; open: boolean; quote: Shown["quote"]; onOpen: () => void };

function SourceItem({ source, open, quote, onOpen }: ItemProps) {
  const item = useRef<HTMLLIElement>(null);
  const role = useStore(session)?.user.role;
  useEffect(() => {
    if (open) item.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [open, quote?.start]);
  const staff = role === "admin" || role === "member";
  return (
    <li ref={item} class={open ? "source open" : "source"}>
      <button type="button" class="source-head" aria-expanded={open} onClick={onOpen}>
        <span class="chip-number">{source.index}</span>
        <span class="stack tight">
          <span class="wrap-anywhere" dir="auto">
            {source.title ?? source.document_name ?? t("taught")}
          </span>
          <span class="muted small" dir="auto">
            {dotted([source.page !== null && t("page", { page: source.page }), source.heading.at(-1)])}
          </span>
        </span>
      </button>
      {open &&
        (staff && source.document_id ? (
          <InContext source={source} documentId={source.document_id} quote={quote} />
        ) : (
          <Passage source={source} quote={quote} />
        ))}
      {open && staff && source.document_id && (
        <Link class="small" href={`/documents/${source.document_id}`}>
          {t("open")}
        </Link>
      )}
    </li>
  );
}

/** The passage alone, or of one whose text is not kept the words that were quoted. Its text begins at `start`. */
export function Passage({ source: { content, start }, quote }: { source: Source; quote: Shown["quote"] }) {
  if (content == null) {
    return (
      <p class="passage" dir="auto">
        {quote ? <mark>{quote.quote}</mark> : <span class="muted">{t("unkept")}</span>}
      </p>
    );
  }
  const from = quote ? Math.max(0, quote.start - start) : 0;
  const to = quote ? Math.max(from, quote.end - start) : 0;
  return (
    <p class="passage" dir="auto">
      {content.slice(0, from)}
      {to > from && <mark>{content.slice(from, to)}</mark>}
      {content.slice(to)}
    </p>
  );
}
