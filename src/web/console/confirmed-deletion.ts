/** The deletion of an organization: asked for, then confirmed with what the answer says. */
import { Problem } from "../ui/problem.ts";
import type { Schemas } from "./typed.ts";

type Answer = Schemas["OrganizationDeleted"] | Schemas["OrganizationDeletionRequested"];

/** The signed receipt. @throws Problem */
export async function receiptOf(
  remove: (body: { confirmation?: string }) => Promise<Answer>,
): Promise<string> {
  const asked = await remove({});
  const done = "confirmation" in asked ? await remove({ confirmation: asked.confirmation }) : asked;
  if (!("receipt" in done)) throw new Problem(500, { code: "internal" });
  return done.receipt;
}
