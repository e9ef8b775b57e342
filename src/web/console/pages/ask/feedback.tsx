/** Was the answer any good? Two thumbs, and for the one down a word on why. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { toProblem } from "../../../ui/problem.ts";
import { ProblemNote } from "../../../ui/problem.tsx";
import { titleOf } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { client } from "../../typed.ts";

const t = words({
  up: ["Good answer", "إجابة جيدة"],
  down: ["Bad answer", "إجابة سيئة"],
  thanks: ["Thank you, noted", "شكرًا، تم التسجيل"],
  title: ["What was wrong?", "ما الخطأ؟"],
  comment: ["What was wrong with it", "ما المشكلة فيها"],
  expected: ["The right answer, if you know it", "الإجابة الصحيحة إن كنت تعرفها"],
  send: ["Send", "إرسال"],
});

/** What the person says beyond the thumb. */
type Words = { comment?: string; expected_answer?: string };
type Vote = { rating: "up" | "down" } & Words;

export function Feedback({ messageId }: { messageId: string }) {
  const [rating, setRating] = useState<"up" | "down" | null>(null);
  const [asking, setAsking] = useState(false);
  const params = { path: { id: messageId } };
  const send = (body: Vote) => client.POST("/api/v1/messages/{id}/feedback", { params, body });
  const rate = async (chosen: "up" | "down") => {
    const before = rating;
    setRating(before === chosen ? null : chosen);
    try {
      if (before === chosen) {
        await client.DELETE("/api/v1/messages/{id}/feedback", { params });
        return;
      }
      await send({ rating: chosen });
      if (chosen === "up") toast(t("thanks"));
      else setAsking(true);
    } catch (thrown) {
      setRating(before);
      toast(titleOf(toProblem(thrown)));
    }
  };
  return (
    <span class="row">
      {(["up", "down"] as const).map((one) => (
        <button
          key={one}
          type="button"
          class={rating === one ? "button quiet icon small chosen" : "button quiet icon small"}
          aria-label={t(one)}
          aria-pressed={rating === one}
          onClick={() => void rate(one)}
        >
          <Icon name={one} />
        </button>
      ))}
      {asking && <Why onClose={() => setAsking(false)} send={(more) => send({ rating: "down", ...more })} />}
    </span>
  );
}

type WhyProps = { onClose: () => void; send: (more: Words) => Promise<unknown> };

function Why({ onClose, send }: WhyProps) {
  const [comment, setComment] = useState("");
  const [expected, setExpected] = useState("");
  const { run, busy, problem } = useAction(async () => {
    await send({
      ...(comment.trim() ? { comment } : {}),
      ...(expected.trim() ? { expected_answer: expected } : {}),
    });
    toast(t("thanks"));
    onClose();
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <Field label={t("comment")}>
          {(labelled) => (
            <textarea
              class="input"
              dir="auto"
              maxLength={2000}
              {...labelled}
              value={comment}
              onInput={(event) => setComment(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t("expected")}>
          {(labelled) => (
            <textarea
              class="input"
              dir="auto"
              maxLength={4000}
              {...labelled}
              value={expected}
              onInput={(event) => setExpected(event.currentTarget.value)}
            />
          )}
        </Field>
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("send")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
