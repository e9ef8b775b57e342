/** A line to try a question on: would a taught answer be given, and which come near? */
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Check } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { teachLink } from "../../teach-link.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  label: ["Try a question", "جرّب سؤالًا"],
  try: ["Try", "جرّب"],
  external: ["as a customer", "كعميل"],
  exact: ["Answered: it is that question.", "تُجاب: هو السؤال نفسه."],
  same: ["Answered: it is that question.", "تُجاب: هو السؤال نفسه."],
  words: ["Answered: it says the same in the same words.", "تُجاب: تقول الشيء نفسه بالكلمات نفسها."],
  close: ["Answered: it means the same.", "تُجاب: لها المعنى نفسه."],
  none: ["Nothing taught answers this; the documents are asked.", "لا إجابة مُعلَّمة لهذا؛ تُسأل المستندات."],
  near: ["Is it one of these? Then add the wording to it.", "هل هو أحد هذه؟ أضف الصياغة إليه إذًا."],
  teach: ["Teach an answer to it", "علّم إجابة له"],
});

type Tried = { query: string; found: Awaited<ReturnType<typeof tryOut>> };

const tryOut = (query: string, external: boolean) =>
  dataOf(
    client.POST("/api/v1/knowledge/match", {
      body: { query, ...(external ? { access_level: "external" as const } : {}) },
    }),
  );

/** @param version changes when something else was taught: the result is then looked up anew */
export function TryLine({ version }: { version: number }) {
  const [query, setQuery] = useState("");
  const [external, setExternal] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const { run, busy, problem } = useAction(async (question: string) => {
    if (question.trim() !== "") setTried({ query: question, found: await tryOut(question, external) });
  });
  useEffect(() => {
    if (version > 0 && tried) void run(tried.query);
  }, [version]);
  return (
    <section class="stack tight" aria-label={t("label")}>
      <form class="row try-line" onSubmit={onSubmit(() => run(query))}>
        <input
          class="input grow"
          type="search"
          dir="auto"
          maxLength={4_000}
          aria-label={t("label")}
          placeholder={t("label")}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <Check label={t("external")} checked={external} onValue={setExternal} />
        <button type="submit" class="button" disabled={busy}>
          {t("try")}
        </button>
      </form>
      {problem && <ProblemNote problem={problem} />}
      {tried && !problem && <Outcome {...tried} />}
    </section>
  );
}

function Outcome({ query, found: { match, near } }: Tried) {
  if (match) {
    return (
      <div class="callout ok" role="status">
        <span class="row">
          <Icon name="check" />
          {t(match.kind)}
        </span>
        <span dir="auto">
          <Link href={teachLink({}, match.id)}>{match.question}</Link>
        </span>
        <span class="muted small clip" dir="auto">
          {match.answer}
        </span>
      </div>
    );
  }
  return (
    <div class="callout" role="status">
      <span>{t("none")}</span>
      {near.length > 0 && (
        <>
          <span class="muted small">{t("near")}</span>
          <ul class="plain-list">
            {near.map((one) => (
              <li key={one.id} dir="auto">
                <Link href={teachLink({ variants: [query] }, one.id)}>{one.question}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <span>
        <Link class="button small" href={teachLink({ question: query })}>
          {t("teach")}
        </Link>
      </span>
    </div>
  );
}
