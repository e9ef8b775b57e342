/** A passage as the document says it, with the quoted words marked. */
import type { VNode } from "preact";
import type { Citation, Source } from "../client/types.ts";
import { dotted } from "../ui/isolated.ts";
import { prose, QUOTED } from "../ui/prose.ts";
import { Icon } from "./icons.tsx";
import { fill, type Strings } from "./strings.ts";

type Props = { strings: Strings; source: Source; citations: readonly Citation[]; onBack(): void };

export function Passage({ strings, source, citations, onBack }: Props): VNode {
  const quotes = citations.filter(({ index }) => index === source.index).map(({ quote }) => quote);
  const where = dotted([
    source.kind === "taught" && strings.taught,
    source.page !== null && fill(strings.page, { n: source.page }),
    source.heading.join(" › "),
  ]);
  return (
    <section class="passage" aria-labelledby="passage-title">
      <header class="passage-head">
        <button
          type="button"
          class="quiet"
          data-focus
          onClick={onBack}
          aria-label={strings.back}
          title={strings.back}
        >
          <Icon name="back" />
        </button>
        <div>
          <h3 id="passage-title" dir="auto">
            {source.title ?? source.document_name}
          </h3>
          {where !== "" && <p class="where">{where}</p>}
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and whoever has no mouse must get there */}
      <section class="passage-text prose" dir="auto" tabIndex={0} aria-label={strings.passage}>
        {prose(withSigns(source.content, quotes))}
      </section>
      {source.title !== null && source.title !== source.document_name && (
        <p class="file" dir="auto">
          <Icon name="page" />
          {source.document_name}
        </p>
      )}
    </section>
  );
}

/** What a line of Markdown may begin with; a sign in front of it would make it another line. */
const LEAD = /^[\s>#*+|-]*(?:\d{1,9}[.)]\s+)?/;

/** `content` with signs around what it is quoted for; where quotes overlap, around both together. */
export function withSigns(content: string, quotes: readonly string[]): string {
  const ranges = quotes
    .map((quote) => ({ start: content.indexOf(quote), end: content.indexOf(quote) + quote.length }))
    .filter(({ start, end }) => start >= 0 && end > start)
    .sort((a, b) => a.start - b.start);
  let signed = "";
  let at = 0;
  for (const { start, end } of ranges) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    signed += content.slice(at, from);
    const quote = content.slice(from, end);
    const opensLine = /(^|\n)[ \t]*$/.test(content.slice(0, from));
    const lead = opensLine ? (LEAD.exec(quote)?.[0] ?? "") : "";
    const tail = /[\s|]*$/.exec(quote.slice(lead.length))?.[0] ?? "";
    const words = quote.slice(lead.length, quote.length - tail.length);
    signed += lead + QUOTED.from + words + QUOTED.to + tail;
    at = end;
  }
  return signed + content.slice(at);
}
