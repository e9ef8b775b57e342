/** Addresses of the form that teaches an answer, filled in as far as somebody knows. */

export type Prefill = {
  question?: string | undefined;
  answer?: string | undefined;
  variants?: readonly string[] | undefined;
  /** The message in which it was asked. */
  from?: string | undefined;
};

/** @param id of the answer to change; @param home what is behind the form */
export function teachLink(
  { question, answer, variants = [], from }: Prefill,
  id = "new",
  home = "/knowledge",
): string {
  const search = new URLSearchParams({ open: id });
  if (question) search.set("question", question);
  if (from) search.set("from", from);
  if (answer) search.set("answer", answer);
  for (const variant of variants) search.append("variant", variant);
  return `${home}?${search}`;
}

export const PREFILL = ["question", "answer", "variant", "from"] as const;

export const prefillOf = (search: URLSearchParams): Prefill => ({
  question: search.get("question") ?? undefined,
  answer: search.get("answer") ?? undefined,
  variants: search.getAll("variant"),
  from: search.get("from") ?? undefined,
});
