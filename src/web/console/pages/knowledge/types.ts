/** Taught answers, and what of them a form holds. */
import type { AudienceValue } from "../../audience.tsx";
import { wholeLines } from "../../lines.ts";
import type { Prefill } from "../../teach-link.ts";
import type { Schemas } from "../../typed.ts";

export type Taught = Schemas["TaughtAnswer"];
export type TaughtVersion = Schemas["TaughtVersion"];

export type Draft = {
  question: string;
  answer: string;
  /** One a line. */
  variants: string;
  audience: AudienceValue;
  /** `YYYY-MM-DD` of the last day, as the person's clock has it; empty for none. */
  lastDay: string;
  enabled: boolean;
  note: string;
};

export const emptyDraft = ({ question = "", answer = "", variants = [] }: Prefill): Draft => ({
  question,
  answer,
  variants: variants.join("\n"),
  audience: { access_level: "internal", groups: [] },
  lastDay: "",
  enabled: true,
  note: "",
});

export const draftOf = (taught: Taught | TaughtVersion, more: readonly string[] = []): Draft => ({
  question: taught.question,
  answer: taught.answer,
  variants: [...taught.variants, ...more].join("\n"),
  audience: { access_level: taught.access_level, groups: taught.groups ?? [] },
  lastDay: taught.expires_at === null ? "" : dayOf(new Date(taught.expires_at)),
  enabled: taught.enabled,
  note: taught.note ?? "",
});

export const bodyOf = ({ question, answer, variants, audience, lastDay, enabled, note }: Draft) => ({
  question,
  answer,
  variants: wholeLines(variants),
  access_level: audience.access_level,
  groups: audience.groups.length > 0 ? audience.groups : null,
  expires_at: lastDay === "" ? null : new Date(`${lastDay}T23:59:59`).toISOString(),
  enabled,
  note,
});

function dayOf(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
