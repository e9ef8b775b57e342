/** People: who is in the organization, who is invited, and which groups there are. */
import { useState } from "preact/hooks";
import { Icon } from "../../../ui/icons.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { allGroups } from "../../lists.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { Employees } from "./employees.tsx";
import { Groups } from "./groups.tsx";
import { Invitations } from "./invitations.tsx";
import { InviteDialog } from "./invite-dialog.tsx";

const t = words({
  title: ["People", "الأشخاص"],
  about: [
    "Who may ask, upload and administer. What you take away is gone with their next click.",
    "من يسأل ويرفع ويدير. ما تسحبه يزول مع نقرتهم التالية.",
  ],
  invite: ["Invite", "دعوة"],
  employees: ["People", "الأشخاص"],
  invitations: ["Invitations", "الدعوات"],
  groups: ["Groups", "المجموعات"],
});

export default function PeoplePage({ params }: PageProps) {
  const tab = params.tab === "invitations" || params.tab === "groups" ? params.tab : "employees";
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState(0);
  const groups = useData("groups", allGroups);
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <button type="button" class="button primary" onClick={() => setInviting(true)}>
          <Icon name="plus" />
          {t("invite")}
        </button>
      }
    >
      <Tabs
        label={t("title")}
        home="/people"
        open={tab}
        tabs={(["employees", "invitations", "groups"] as const).map((one) => [one, t(one)] as const)}
      />
      {tab === "employees" && <Employees groups={groups.data ?? []} />}
      {tab === "invitations" && <Invitations key={invited} />}
      {tab === "groups" && <Groups groups={groups} />}
      {inviting && (
        <InviteDialog
          groups={groups.data ?? []}
          onClose={() => setInviting(false)}
          onInvited={() => setInvited(invited + 1)}
        />
      )}
    </Page>
  );
}
