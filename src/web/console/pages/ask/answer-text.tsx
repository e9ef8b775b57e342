/** An answer's Markdown, its marks `[n]` as buttons that open the source. */
import { useMemo } from "preact/hooks";
import { prose } from "../../../ui/prose.ts";
import { words } from "../../../ui/words.ts";

const t = words({ source: ["Source {n}", "المصدر {n}"] });

type AnswerTextProps = {
  text: string;
  /** @param nth which of the answer's marks, from 0 */
  onCite: (n: number, nth: number) => void;
};

export function AnswerText({ text, onCite }: AnswerTextProps) {
  const parts = useMemo(() => {
    let marks = 0;
    const numbers = new Set([...text.matchAll(/\[(\d{1,3})\]/g)].map(([, n]) => Number(n)));
    return prose(text, numbers, (n) => {
      const nth = marks++;
      return (
        <button
          type="button"
          class="cite"
          aria-label={t("source", { n: String(n) })}
          onClick={() => onCite(n, nth)}
        >
          {n}
        </button>
      );
    });
  }, [text, onCite]);
  return (
    <div class="answer-text" dir="auto">
      {parts}
    </div>
  );
}
