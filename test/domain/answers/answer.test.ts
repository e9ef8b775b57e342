/** Pure. */
import { expect, test } from "vitest";
import { collect } from "../../../src/domain/answers/answer.ts";
import type { AnswerEvent } from "../../../src/domain/answers/events.ts";

test("an answer that ends before it is whole is a failure, not half an answer", async () => {
  async function* cut(): AsyncGenerator<AnswerEvent> {
    yield { type: "sources", message_id: "m", sources: [], retrieval: {} as never };
    yield { type: "token", text: "The ferry leaves" } as AnswerEvent;
  }
  await expect(collect(cut())).rejects.toMatchObject({
    code: "model_unavailable",
    message: "The answer was cut short.",
  });
});
