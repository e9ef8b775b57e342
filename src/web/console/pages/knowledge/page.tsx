/** Knowledge: answers that admins taught, a line to try them, and the questions that want one. */
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Icon } from "../../../ui/icons.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { allGroups } from "../../lists.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { PREFILL, prefillOf, teachLink } from "../../teach-link.ts";
import { Answers } from "./answers.tsx";
import "./knowledge.css";
import { Suggestions } from "./suggestions.tsx";
import { TeachDialog } from "./teach-dialog.tsx";
import { TryLine } from "./try-line.tsx";

const t = words({
  title: ["Knowledge", "المعرفة"],
  about: [
    "Answers you taught are given word for word, before the documents are asked, from the next question on.",
    "الإجابات التي تعلّمها تُعطى حرفيًا قبل سؤال المستندات، بدءًا من السؤال التالي.",
  ],
  teach: ["Teach an answer", "علّم إجابة"],
  answers: ["Taught answers", "إجابات مُعلَّمة"],
  gaps: ["Open questions", "أسئلة مفتوحة"],
});

export default function KnowledgePage({ params }: PageProps) {
  const tab = params.tab === "gaps" ? "gaps" : "answers";
  const search = new URLSearchParams(useSearch());
  const open = search.get("open");
  const [changed, setChanged] = useState(0);
  const { data: groups } = useData("groups", allGroups);
  const [, go] = useLocation();
  const close = () => {
    for (const name of ["open", ...PREFILL]) search.delete(name);
    go(`/knowledge${tab === "gaps" ? "/gaps" : ""}${search.size > 0 ? `?${search}` : ""}`);
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <Link class="button primary" href={teachLink({})}>
          <Icon name="plus" />
          {t("teach")}
        </Link>
      }
    >
      <TryLine version={changed} />
      <Tabs
        label={t("title")}
        home="/knowledge"
        open={tab}
        tabs={(["answers", "gaps"] as const).map((one) => [one, t(one)] as const)}
      />
      {tab === "answers" ? <Answers search={search} version={changed} /> : <Suggestions version={changed} />}
      {open && (
        <TeachDialog
          key={open}
          id={open === "new" ? null : open}
          prefill={prefillOf(search)}
          groups={groups ?? []}
          onSaved={() => setChanged(changed + 1)}
          onClose={close}
        />
      )}
    </Page>
  );
}
