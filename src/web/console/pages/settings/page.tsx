/** Settings: the organization, its answers, what it keeps, its models, what it uses, its identity provider, its webhooks. */
import { words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { Answers } from "./answers.tsx";
import { Identity } from "./identity.tsx";
import { Models } from "./models.tsx";
import { Organization } from "./organization.tsx";
import { Privacy } from "./privacy.tsx";
import "./settings.css";
import { Usage } from "./usage.tsx";
import { Webhooks } from "./webhooks.tsx";

const t = words({
  title: ["Settings", "الإعدادات"],
  organization: ["Organization", "المؤسسة"],
  answers: ["Answers", "الإجابات"],
  privacy: ["Data and access", "البيانات والوصول"],
  models: ["Models", "النماذج"],
  usage: ["Usage", "الاستخدام"],
  identity: ["Identity provider", "مزوّد الهوية"],
  webhooks: ["Webhooks", "الخطافات"],
});

const PARTS = {
  organization: Organization,
  answers: Answers,
  privacy: Privacy,
  models: Models,
  usage: Usage,
  identity: Identity,
  webhooks: Webhooks,
};
const TABS = Object.keys(PARTS) as (keyof typeof PARTS)[];

export default function SettingsPage({ params }: PageProps) {
  const tab = TABS.find((one) => one === params.tab) ?? "organization";
  const Part = PARTS[tab];
  return (
    <Page title={t("title")}>
      <Tabs label={t("title")} home="/settings" open={tab} tabs={TABS.map((one) => [one, t(one)] as const)} />
      <Part />
    </Page>
  );
}
