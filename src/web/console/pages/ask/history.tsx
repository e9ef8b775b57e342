/** Earlier conversations: find one, open it, rename it, take it along, delete it. */
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { toProblem } from "../../../ui/problem.ts";
import { ProblemNote } from "../../../ui/problem.tsx";
import { titleOf } from "../../../ui/problem-words.ts";
import { SearchBox } from "../../../ui/search-box.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { download } from "../../download.ts";
import { removeLater } from "../../remove-later.ts";
import { client, dataOf, given } from "../../typed.ts";
import type { Session } from "./types.ts";

const t = words({
  label: ["Conversations", "المحادثات"],
  find: ["Find a conversation", "ابحث عن محادثة"],
  none: ["No conversations yet.", "لا محادثات بعد."],
  nothing: ["Nothing matches.", "لا نتائج."],
  more: ["Show more", "عرض المزيد"],
  actions: ["Actions for {title}", "إجراءات {title}"],
  rename: ["Rename", "إعادة تسمية"],
  markdown: ["Take along as Markdown", "تنزيل بصيغة Markdown"],
  json: ["Take along as JSON", "تنزيل بصيغة JSON"],
  delete: ["Delete", "حذف"],
  deleted: ["“{title}” is deleted", "حُذفت «{title}»"],
  name: ["Name", "الاسم"],
  save: ["Save", "حفظ"],
});

type HistoryProps = {
  current: string | null;
  /** Changes when the list is no longer what the server has. */
  version: number;
  /** Closes the dialog that the list may be in: it would lie over the notice with the way back. */
  onDelete?: () => void;
};

export function History({ current, version, onDelete }: HistoryProps) {
  const [find, setFind] = useState("");
  const [, go] = useLocation();
  const [renaming, setRenaming] = useState<Session | null>(null);
  const [hidden, setHidden] = useState<string[]>([]);
  const pages = usePages<Session>(`sessions/${find}`, (cursor, signal) =>
    dataOf(
      client.GET("/api/v1/chat/sessions", {
        params: { query: given({ q: find, cursor, limit: 30 }) },
        signal,
      }),
    ),
  );
  useEffect(() => {
    if (version > 0) void pages.reload();
  }, [version]);
  const remove = ({ id, title }: Session) => {
    setHidden((all) => [...all, id]);
    if (id === current) go("/ask");
    onDelete?.();
    removeLater(
      t("deleted", { title }),
      () => client.DELETE("/api/v1/chat/sessions/{id}", { params: { path: { id } } }),
      (regretted) => {
        setHidden((all) => all.filter((one) => one !== id));
        if (regretted && id === current) go(`/ask/${id}`);
      },
    );
  };
  const take = ({ id, title }: Session, format: "json" | "markdown") => {
    const params = { path: { id }, query: { format } };
    return download(
      client.GET("/api/v1/chat/sessions/{id}/export", { params, parseAs: "blob" }),
      `${title}.${format === "json" ? "json" : "md"}`,
    ).catch((thrown: unknown) => toast(titleOf(toProblem(thrown))));
  };
  const shown = pages.items?.filter(({ id }) => !hidden.includes(id)) ?? null;
  return (
    <div class="stack history">
      <SearchBox label={t("find")} value={find} onFind={setFind} />
      {pages.problem && <ProblemNote problem={pages.problem} onRetry={() => void pages.reload()} />}
      {shown === null && !pages.problem && <Skeleton lines={5} />}
      {shown?.length === 0 && <p class="muted">{find ? t("nothing") : t("none")}</p>}
      <ul class="plain-list sessions" aria-label={t("label")}>
        {shown?.map((session) => (
          <li key={session.id} class={session.id === current ? "session current" : "session"}>
            <Link href={`/ask/${session.id}`} aria-current={session.id === current ? "page" : undefined}>
              <span class="clip" dir="auto">
                {session.title}
              </span>
              <span class="muted small">{ago(session.updated_at)}</span>
            </Link>
            <Menu
              label={t("actions", { title: session.title })}
              items={[
                { label: t("rename"), icon: "edit", onChoose: () => setRenaming(session) },
                { label: t("markdown"), icon: "download", onChoose: () => void take(session, "markdown") },
                { label: t("json"), icon: "download", onChoose: () => void take(session, "json") },
                { label: t("delete"), icon: "trash", danger: true, onChoose: () => remove(session) },
              ]}
            />
          </li>
        ))}
      </ul>
      {pages.more && (
        <button type="button" class="button small" onClick={() => void pages.more?.load()}>
          {t("more")}
        </button>
      )}
      {renaming && (
        <RenameDialog
          session={renaming}
          onClose={() => setRenaming(null)}
          onRenamed={(title) =>
            pages.setItems((all) => all.map((one) => (one.id === renaming.id ? { ...one, title } : one)))
          }
        />
      )}
    </div>
  );
}

type RenameProps = { session: Session; onRenamed: (title: string) => void; onClose: () => void };

function RenameDialog({ session, onRenamed, onClose }: RenameProps) {
  const [title, setTitle] = useState(session.title);
  const { run, busy, problem } = useAction(async () => {
    const params = { path: { id: session.id } };
    await client.PATCH("/api/v1/chat/sessions/{id}", { params, body: { title } });
    onRenamed(title);
    onClose();
  });
  return (
    <Dialog title={t("rename")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField label={t("name")} required maxLength={200} value={title} onValue={setTitle} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
