/** Groups: documents may be for their members only. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { Rows } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { type Data, useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { all, client } from "../../typed.ts";
import type { Group } from "../../types.ts";

const t = words({
  label: ["Groups", "المجموعات"],
  name: ["Name", "الاسم"],
  members: ["Members", "الأعضاء"],
  nobody: ["Nobody yet. Add people under People.", "لا أحد بعد. أضف أشخاصًا من قسم الأشخاص."],
  add: ["New group", "مجموعة جديدة"],
  rename: ["Rename", "إعادة تسمية"],
  save: ["Save", "حفظ"],
  delete: ["Delete", "حذف"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  deleteTitle: ["Delete {name}?", "حذف {name}؟"],
  deleteText: [
    "Documents that only this group may read are for admins alone from then on.",
    "المستندات المخصصة لهذه المجموعة وحدها تصبح للمسؤولين فقط.",
  ],
  none: ["No groups yet", "لا توجد مجموعات بعد"],
  noneText: [
    "A document that names groups exists for their members and for admins only: in search, answers and lists alike.",
    "المستند الذي يحدد مجموعات موجود لأعضائها وللمسؤولين فقط: في البحث والإجابات والقوائم.",
  ],
});

type Dialogs = { kind: "name"; group: Group | null } | { kind: "delete" | "members"; group: Group };

export function Groups({ groups }: { groups: Data<Group[]> }) {
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  if (groups.problem) return <ProblemNote problem={groups.problem} onRetry={() => void groups.reload()} />;
  if (groups.data === null) return <Skeleton />;
  const addButton = (
    <button type="button" class="button" onClick={() => setDialog({ kind: "name", group: null })}>
      <Icon name="plus" />
      {t("add")}
    </button>
  );
  return (
    <div class="stack">
      {groups.data.length === 0 ? (
        <Empty icon="people" title={t("none")} action={addButton}>
          {t("noneText")}
        </Empty>
      ) : (
        <>
          <div>{addButton}</div>
          <Rows
            rows={groups.data}
            label={t("label")}
            keyOf={({ id }) => id}
            columns={[
              {
                head: t("name"),
                main: true,
                cell: ({ name }) => (
                  <span class="title" dir="auto">
                    {name}
                  </span>
                ),
              },
              {
                head: t("actions", { name: "" }),
                end: true,
                cell: (group) => (
                  <Menu
                    label={t("actions", { name: group.name })}
                    items={[
                      {
                        label: t("members"),
                        icon: "people",
                        onChoose: () => setDialog({ kind: "members", group }),
                      },
                      {
                        label: t("rename"),
                        icon: "edit",
                        onChoose: () => setDialog({ kind: "name", group }),
                      },
                      {
                        label: t("delete"),
                        icon: "trash",
                        danger: true,
                        onChoose: () => setDialog({ kind: "delete", group }),
                      },
                    ]}
                  />
                ),
              },
            ]}
          />
        </>
      )}
      {dialog?.kind === "name" && <NameDialog group={dialog.group} onSaved={groups.reload} onClose={close} />}
      {dialog?.kind === "members" && <Members group={dialog.group} onClose={close} />}
      {dialog?.kind === "delete" && (
        <Confirm
          title={t("deleteTitle", { name: dialog.group.name })}
          action={t("delete")}
          onClose={close}
          onConfirm={async () => {
            await client.DELETE("/api/v1/groups/{id}", { params: { path: { id: dialog.group.id } } });
            await groups.reload();
          }}
        >
          <p>{t("deleteText")}</p>
        </Confirm>
      )}
    </div>
  );
}

type NameProps = { group: Group | null; onSaved: () => Promise<void>; onClose: () => void };

function NameDialog({ group, onSaved, onClose }: NameProps) {
  const [name, setName] = useState(group?.name ?? "");
  const { run, busy, problem } = useAction(async () => {
    const body = { name };
    if (group) await client.PATCH("/api/v1/groups/{id}", { params: { path: { id: group.id } }, body });
    else await client.POST("/api/v1/groups", { body });
    await onSaved();
    onClose();
  });
  return (
    <Dialog title={group ? t("rename") : t("add")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField label={t("name")} required maxLength={100} value={name} onValue={setName} />
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

function Members({ group, onClose }: { group: Group; onClose: () => void }) {
  const { data, problem } = useData(`members/${group.id}`, (signal) =>
    all((query) =>
      client.GET("/api/v1/groups/{id}/members", { params: { path: { id: group.id }, query }, signal }),
    ),
  );
  return (
    <Dialog title={group.name} onClose={onClose}>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <Skeleton lines={3} />}
      {data?.length === 0 && <p class="muted">{t("nobody")}</p>}
      <ul class="plain-list">
        {data?.map(({ id, email, name }) => (
          <li key={id} dir="auto">
            {name ?? email}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
