/** Questions to begin with, made from the headings of what was uploaded last. */
import { Link } from "wouter-preact";
import { useStore } from "../../../ui/store.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { session } from "../../session.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  title: ["What would you like to know?", "ماذا تريد أن تعرف؟"],
  about: [
    "Answers come from your organization's documents only. Every sentence names its source; open one to see the passage.",
    "تأتي الإجابات من مستندات مؤسستك فقط، ولكل جملة مصدرها؛ افتح المصدر لترى المقطع.",
  ],
  question: ["What does “{title}” say about {heading}?", "ماذا يقول «{title}» عن {heading}؟"],
  none: ["No document is ready to be asked yet.", "لا مستند جاهز للسؤال بعد."],
  upload: ["Go to the documents", "اذهب إلى المستندات"],
});

const isArabic = (text: string): boolean => /\p{Script=Arabic}/u.test(text);

/** At most three, one for each document. */
async function suggest(signal: AbortSignal): Promise<string[] | null> {
  const query = { status: "ready" as const, limit: 12 };
  const { data } = await dataOf(client.GET("/api/v1/documents", { params: { query }, signal }));
  if (data.length === 0) return null;
  const inTheirLanguage = data.filter(({ name, title }) => isArabic(title ?? name) === isArabic(t("title")));
  const picked = (inTheirLanguage.length > 0 ? inTheirLanguage : data).slice(0, 5);
  const questions = await Promise.all(
    picked.map(async ({ id, name, title }) => {
      const params = { path: { id }, query: { limit: 12 } };
      const chunks = await dataOf(client.GET("/api/v1/documents/{id}/chunks", { params, signal }));
      const headings = [...new Set(chunks.data.flatMap(({ heading }) => heading.slice(1, 2)))];
      const heading = headings[Math.floor(headings.length / 2)];
      return heading && heading.length < 60 ? [t("question", { title: title ?? name, heading })] : [];
    }),
  );
  return questions.flat().slice(0, 3);
}

export function Suggestions({ onAsk }: { onAsk: (question: string) => void }) {
  const role = useStore(session)?.user.role;
  const { data: questions, loading, problem } = useData(role === "viewer" ? null : "suggestions", suggest);
  return (
    <div class="welcome">
      <h1>{t("title")}</h1>
      <p class="muted">{t("about")}</p>
      {role !== "viewer" && !loading && !problem && questions === null && (
        <p>
          {t("none")} <Link href="/documents">{t("upload")}</Link>
        </p>
      )}
      <div class="stack tight">
        {questions?.map((question) => (
          <button key={question} type="button" class="suggestion" dir="auto" onClick={() => onAsk(question)}>
            {question}
          </button>
        ))}
      </div>
    </div>
  );
}
