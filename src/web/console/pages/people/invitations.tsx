/** Invitations that nobody has accepted yet. */
import { Empty } from "../../../ui/empty.tsx";
import { List } from "../../../ui/list.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, dateTime, words } from "../../../ui/words.ts";
import { roleWords } from "../../names.ts";
import { client, dataOf, given } from "../../typed.ts";
import type { Invitation } from "./types.ts";

const t = words({
  label: ["Invitations", "الدعوات"],
  email: ["E-mail", "البريد الإلكتروني"],
  role: ["Role", "الدور"],
  sent: ["Sent", "أُرسلت"],
  until: ["Works until", "صالحة حتى"],
  actions: ["Actions", "إجراءات"],
  revoke: ["Take back", "سحب"],
  none: ["No open invitations", "لا دعوات مفتوحة"],
  noneText: [
    "Invite somebody above. They choose a password with the link in the letter, which works for seven days.",
    "ادعُ شخصًا من الأعلى. يختار كلمة مروره عبر الرابط في الرسالة، وهو صالح سبعة أيام.",
  ],
});

export function Invitations() {
  const pages = usePages<Invitation>("invitations", (cursor, signal) =>
    dataOf(client.GET("/api/v1/employees/invitations", { params: { query: given({ cursor }) }, signal })),
  );
  const { run, busy, problem } = useAction(async (id: string) => {
    await client.DELETE("/api/v1/employees/invitations/{id}", { params: { path: { id } } });
    pages.setItems((all) => all.filter((one) => one.id !== id));
  });
  return (
    <List
      failure={problem}
      pages={pages}
      label={t("label")}
      keyOf={({ id }) => id}
      empty={
        <Empty icon="people" title={t("none")}>
          {t("noneText")}
        </Empty>
      }
      columns={[
        {
          head: t("email"),
          main: true,
          cell: ({ email }) => (
            <span class="title" dir="ltr">
              {email}
            </span>
          ),
        },
        { head: t("role"), cell: ({ role }) => roleWords(role) },
        { head: t("sent"), cell: ({ created_at }) => ago(created_at) },
        { head: t("until"), cell: ({ expires_at }) => dateTime(expires_at) },
        {
          head: t("actions"),
          end: true,
          cell: ({ id }) => (
            <button type="button" class="button small" disabled={busy} onClick={() => void run(id)}>
              {t("revoke")}
            </button>
          ),
        },
      ]}
    />
  );
}
