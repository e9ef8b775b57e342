/** Keys of one kind: what each is, whether it works, and how it is revoked; the kinds add what they have besides. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { Icon, type IconName } from "../../../ui/icons.tsx";
import { type Column, List } from "../../../ui/list.tsx";
import { Menu, type MenuItem } from "../../../ui/menu.tsx";
import type { usePages } from "../../../ui/use-data.ts";
import { ago } from "../../../ui/words.ts";
import { badgeOf, type KeyStatus, keyWords as k } from "./key-words.ts";

type Key = { id: string; name: string; status: KeyStatus; last_used_at: string | null };

type KeyListProps<K extends Key> = {
  pages: ReturnType<typeof usePages<K>>;
  label: string;
  /** What the button for a new one says. */
  add: string;
  onAdd: () => void;
  none: { icon: IconName; title: string; text: string };
  /** Below the name. */
  codeOf: (key: K) => string;
  /** Below the state. */
  about?: (key: K) => ComponentChildren;
  columns: Column<K>[];
  /** What may be done with one that works, besides revoking it. */
  items: (key: K) => MenuItem[];
  revoke: (id: string) => Promise<unknown>;
};

export function KeyList<K extends Key>({ pages, label, add, onAdd, none, ...of }: KeyListProps<K>) {
  const [revoking, setRevoking] = useState<K | null>(null);
  const addButton = (
    <button type="button" class="button primary" onClick={onAdd}>
      <Icon name="plus" />
      {add}
    </button>
  );
  return (
    <>
      {pages.items !== null && pages.items.length > 0 && <div>{addButton}</div>}
      <List
        pages={pages}
        label={label}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={none.icon} title={none.title} action={addButton}>
            {none.text}
          </Empty>
        }
        columns={[
          {
            head: k("name"),
            main: true,
            cell: (key) => (
              <>
                <div class="clip title" dir="auto">
                  {key.name}
                </div>
                <code class="clip muted" dir="ltr">
                  {of.codeOf(key)}
                </code>
              </>
            ),
          },
          {
            head: k("state"),
            cell: (key) => (
              <span class="stack tight">
                <span>
                  <span class={badgeOf(key.status)}>{k(key.status)}</span>
                </span>
                {of.about?.(key)}
              </span>
            ),
          },
          ...of.columns,
          { head: k("used"), cell: (key) => (key.last_used_at ? ago(key.last_used_at) : k("never")) },
          {
            head: k("actions", { name: "" }),
            end: true,
            cell: (key) =>
              key.status === "active" && (
                <Menu
                  label={k("actions", { name: key.name })}
                  items={[
                    ...of.items(key),
                    { label: k("revoke"), icon: "trash", danger: true, onChoose: () => setRevoking(key) },
                  ]}
                />
              ),
          },
        ]}
      />
      {revoking && (
        <Confirm
          title={k("revokeTitle", { name: revoking.name })}
          action={k("revoke")}
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await of.revoke(revoking.id);
            await pages.reload();
          }}
        >
          <p>{k("revokeText")}</p>
        </Confirm>
      )}
    </>
  );
}
