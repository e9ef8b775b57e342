/** A passage where it stands in its document: what comes before and after, the quote marked. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Skeleton } from "../../../ui/empty.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { Passage } from "./sources-panel.tsx";
import type { Shown, Source } from "./types.ts";

const t = words({ more: ["Show more around it", "اعرض المزيد حوله"] });

/** Characters shown on either side at first, and more with every wish. */
const AROUND = 700;

/** Texts of documents opened lately; a source is often opened again. */
const texts = new Map<string, Promise<string>>();

function textOf(documentId: string, version: number | undefined): Promise<string> {
  const key = `${documentId}/${version ?? ""}`;
  const known = texts.get(key);
  if (known) return known;
  const params = { path: { id: documentId }, query: { format: "text" as const } };
  const text = dataOf(client.GET("/api/v1/documents/{id}/content", { params, parseAs: "text" }));
  if (texts.size > 8) texts.clear();
  texts.set(key, text);
  text.catch(() => texts.delete(key));
  return text;
}

type InContextProps = { source: Source; documentId: string; quote: Shown["quote"] };

export function InContext({ source, documentId, quote }: InContextProps) {
  const [around, setAround] = useState(AROUND);
  const { data: text, problem } = useData(`${documentId}/${source.version ?? ""}`, () =>
    textOf(documentId, source.version),
  );
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: "center" });
  }, [text, quote?.start]);
  // Gone, changed or not to be had: what the answer was made from is here anyway.
  if (problem || (text !== null && !isSame(text, source, quote))) {
    return <Passage source={source} quote={quote} />;
  }
  if (text === null) return <Skeleton lines={5} />;
  const from = startOfLine(text, source.start - around);
  const to = Math.min(text.length, source.end + around);
  const hit = quote ?? { start: source.start, end: source.start };
  return (
    <div class="context" dir="auto">
      <span class="muted">{text.slice(from, source.start)}</span>
      <span class="own">
        {text.slice(source.start, hit.start)}
        <mark ref={mark}>{text.slice(hit.start, hit.end)}</mark>
        {text.slice(hit.end, source.end)}
      </span>
      <span class="muted">{text.slice(source.end, to)}</span>
      {(from > 0 || to < text.length) && (
        <p>
          <button type="button" class="button small" onClick={() => setAround(around * 4)}>
            {t("more")}
          </button>
        </p>
      )}
    </div>
  );
}

/** Is the document still the one that the answer was drawn from, as far as can be told? */
function isSame(text: string, { content, start, end }: Source, quote: Shown["quote"]): boolean {
  if (content != null) return text.slice(start, end) === content;
  return quote !== null && text.slice(quote.start, quote.end) === quote.quote;
}

/** A place near `at` where a line begins. */
const startOfLine = (text: string, at: number): number => (at <= 0 ? 0 : text.indexOf("\n", at) + 1 || at);
