/** What the dialects of others tell of an answer where they have no word of their own. */
import type { Citation, Done, Source } from "../../domain/answers/events.ts";

/** Where the console shows the passage. @param origin `https://host` */
export const addressOf = (citation: Citation, origin: string): string =>
  citation.kind === "log"
    ? `${origin}/telemetry`
    : citation.kind === "taught"
      ? `${origin}/knowledge/${citation.taught.id}`
      : `${origin}/documents/${citation.document_id}?from=${citation.start}&to=${citation.end}`;

/** A source without its text, which the search interface gives. */
export const nameOf = ({ content: _, ...source }: Source) => source;

export const about = ({
  message_id,
  grounded,
  supported,
  model,
  mode,
  degraded,
  citations_dropped,
  links_removed,
  cost,
}: Done) => ({
  message_id,
  grounded,
  supported,
  model,
  mode,
  ...(degraded ? { degraded } : {}),
  citations_dropped,
  links_removed,
  cost,
});
