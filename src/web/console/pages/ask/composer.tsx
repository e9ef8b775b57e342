/** Where the question is written; Enter sends it, Shift and Enter begin a new line. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../../ui/icons.tsx";
import { onSubmit } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";

const t = words({
  label: ["Your question", "سؤالك"],
  placeholder: ["Ask your documents …", "اسأل مستنداتك …"],
  send: ["Send", "إرسال"],
  stop: ["Stop", "إيقاف"],
});

type ComposerProps = { running: boolean; onAsk: (question: string) => void; onStop: () => void };

export function Composer({ running, onAsk, onStop }: ComposerProps) {
  const [text, setText] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 180)}px`;
  }, [text]);
  useEffect(() => {
    // On a phone the keyboard would cover the page before anybody asked for it.
    if (matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, []);
  const send = () => {
    const question = text.trim();
    if (question === "" || running) return;
    onAsk(question);
    setText("");
  };
  return (
    <form class="composer" onSubmit={onSubmit(send)}>
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        maxLength={4000}
        aria-label={t("label")}
        placeholder={t("placeholder")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {running ? (
        <button type="button" class="button primary icon" aria-label={t("stop")} onClick={onStop}>
          <Icon name="stop" />
        </button>
      ) : (
        <button
          type="submit"
          class="button primary icon"
          aria-label={t("send")}
          disabled={text.trim() === ""}
        >
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}
