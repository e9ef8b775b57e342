/** The answer to a deletion of many: 200 with its receipt when it is done, 202 with where to ask while it goes on. */
import type { Answer } from "../domain/deletions/answer.ts";

export function deletionAnswer(answer: Answer): Response {
  const done = answer.deletion.status === "done";
  const headers = done ? {} : { location: `/api/v1/deletions/${answer.deletion.id}` };
  return Response.json(answer, { status: done ? 200 : 202, headers });
}
