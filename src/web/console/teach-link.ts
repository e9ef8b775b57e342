/** Addresses of the form that teaches an answer, filled in as far as somebody knows. */

export type Prefill = {
  question?: string | undefined;
  answer?: string | undefined;
  variants?: readonly string[] | undefined;
};

/** @param id of the answer to change; a new one without */
export function teachLink({ question, answer, variants = [] }: Prefill, id = "new"): string {
  const search = new URLSearchParams({ open: id });
  if (question) search.set("question", question);
  if (answer) search.set("answer", answer);
  for (const variant of variants) search.append("variant", variant);
  return `/knowledge?${search}`;
}

export const prefillOf = (search: URLSearchParams): Prefill => ({
  question: search.get("question") ?? undefined,
  answer: search.get("answer") ?? undefined,
  variants: search.getAll("variant"),
});
