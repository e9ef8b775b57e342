/** Everybody in the organization, and what each may do. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Select } from "../../../ui/field.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { useStore } from "../../../ui/store.ts";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, list, words } from "../../../ui/words.ts";
import { ACCESS, accessWords, ROLES, roleWords } from "../../names.ts";
import { session } from "../../session.ts";
import { client, dataOf, given } from "../../typed.ts";
import type { Access, Group, Role } from "../../types.ts";
import { MembershipDialog } from "./membership-dialog.tsx";
import type { Employee } from "./types.ts";

const t = words({
  label: ["People", "الأشخاص"],
  person: ["Person", "الشخص"],
  role: ["Role", "الدور"],
  roleOf: ["Role of {name}", "دور {name}"],
  access: ["Reads", "يقرأ"],
  accessOf: ["What {name} reads", "ما يقرؤه {name}"],
  byDomain: ["By domain: {access}", "حسب النطاق: {access}"],
  groups: ["Groups", "المجموعات"],
  none: ["none", "لا شيء"],
  seen: ["Seen", "آخر ظهور"],
  never: ["never", "أبدًا"],
  you: ["you", "أنت"],
  deactivated: ["Deactivated", "معطّل"],
  unverified: ["E-mail not verified", "البريد غير متحقق منه"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  setGroups: ["Groups …", "المجموعات …"],
  deactivate: ["Deactivate", "تعطيل"],
  activate: ["Activate", "تفعيل"],
  remove: ["Remove", "إزالة"],
  removeTitle: ["Remove {name}?", "إزالة {name}؟"],
  removeText: ["They are signed out at once. Their documents stay.", "يُسجَّل خروجه فورًا، وتبقى مستنداته."],
  changed: ["{name} is changed", "تم تغيير {name}"],
});

type Change = { role?: Role; access?: Access | null; groups?: string[]; status?: Employee["status"] };

export function Employees({ groups }: { groups: Group[] }) {
  const me = useStore(session)?.user.id;
  const pages = usePages<Employee>("employees", (cursor, signal) =>
    dataOf(client.GET("/api/v1/employees", { params: { query: given({ cursor }) }, signal })),
  );
  const [removing, setRemoving] = useState<Employee | null>(null);
  const [grouping, setGrouping] = useState<Employee | null>(null);
  const patch = async (id: string, body: Change) => {
    const params = { path: { id } };
    const { employee } = await dataOf(client.PATCH("/api/v1/employees/{id}", { params, body }));
    pages.setItems((all) => all.map((one) => (one.id === id ? employee : one)));
  };
  const { run, problem } = useAction(async (one: Employee, change: Change, back: Change) => {
    await patch(one.id, change);
    toast(t("changed", { name: nameOf(one) }), () => patch(one.id, back));
  });
  return (
    <div class="stack">
      <List
        failure={problem}
        pages={pages}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={null}
        columns={[
          {
            head: t("person"),
            main: true,
            cell: (one) => (
              <>
                <div class="row">
                  <span class="clip title" dir="auto">
                    {nameOf(one)}
                  </span>
                  {one.id === me && <span class="badge accent">{t("you")}</span>}
                  {one.status === "deactivated" && <span class="badge danger">{t("deactivated")}</span>}
                  {!one.email_verified && <span class="badge warn">{t("unverified")}</span>}
                </div>
                {one.name && (
                  <div class="clip muted small" dir="ltr">
                    {one.email}
                  </div>
                )}
              </>
            ),
          },
          {
            head: t("role"),
            cell: (one) => (
              <Select
                aria-label={t("roleOf", { name: nameOf(one) })}
                value={one.role}
                options={ROLES.map((role) => [role, roleWords(role)] as const)}
                onValue={(role) => void run(one, { role }, { role: one.role })}
              />
            ),
          },
          {
            head: t("access"),
            cell: (one) => (
              <Select
                aria-label={t("accessOf", { name: nameOf(one) })}
                value={one.access_override ?? ""}
                options={[
                  ["", t("byDomain", { access: accessWords(one.access) })] as const,
                  ...ACCESS.map((access) => [access, accessWords(access)] as const),
                ]}
                onValue={(access) =>
                  void run(one, { access: access || null }, { access: one.access_override })
                }
              />
            ),
          },
          {
            head: t("groups"),
            cell: (one) =>
              list(groups.filter(({ id }) => one.groups.includes(id)).map(({ name }) => name)) || t("none"),
          },
          {
            head: t("seen"),
            cell: (one) => (
              <span class="nobreak">{one.last_seen_at ? ago(one.last_seen_at) : t("never")}</span>
            ),
          },
          {
            head: t("actions", { name: "" }),
            end: true,
            cell: (one) => (
              <Menu
                label={t("actions", { name: nameOf(one) })}
                items={[
                  groups.length > 0 && {
                    label: t("setGroups"),
                    icon: "people",
                    onChoose: () => setGrouping(one),
                  },
                  one.id !== me &&
                    (one.status === "active"
                      ? {
                          label: t("deactivate"),
                          icon: "stop",
                          onChoose: () => void run(one, { status: "deactivated" }, { status: "active" }),
                        }
                      : {
                          label: t("activate"),
                          icon: "check",
                          onChoose: () => void run(one, { status: "active" }, { status: "deactivated" }),
                        }),
                  one.id !== me && {
                    label: t("remove"),
                    icon: "trash",
                    danger: true,
                    onChoose: () => setRemoving(one),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {grouping && (
        <MembershipDialog
          person={nameOf(grouping)}
          groups={groups}
          chosen={grouping.groups}
          onClose={() => setGrouping(null)}
          onSave={(chosen) => patch(grouping.id, { groups: chosen })}
        />
      )}
      {removing && (
        <Confirm
          title={t("removeTitle", { name: nameOf(removing) })}
          action={t("remove")}
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await client.DELETE("/api/v1/employees/{id}", { params: { path: { id: removing.id } } });
            pages.setItems((all) => all.filter(({ id }) => id !== removing.id));
          }}
        >
          <p>{t("removeText")}</p>
        </Confirm>
      )}
    </div>
  );
}

const nameOf = ({ name, email }: Employee) => name ?? email;
