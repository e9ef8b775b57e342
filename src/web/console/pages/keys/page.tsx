/** Keys: for software, and for the widget on a web site. */
import { words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { ApiKeys } from "./api-keys.tsx";
import "./keys.css";
import { WidgetKeys } from "./widget-keys.tsx";

const t = words({
  title: ["Keys", "المفاتيح"],
  about: [
    "API keys let software ask and upload. Widget keys put a chat on your site.",
    "مفاتيح الواجهة تتيح للبرامج السؤال والرفع، ومفاتيح الأداة تضع محادثة في موقعك.",
  ],
  api: ["API keys", "مفاتيح الواجهة"],
  widget: ["Widget keys", "مفاتيح الأداة"],
});

export default function KeysPage({ params }: PageProps) {
  const tab = params.tab === "widget" ? "widget" : "api";
  return (
    <Page title={t("title")} about={t("about")}>
      <Tabs
        label={t("title")}
        home="/keys"
        open={tab}
        tabs={[
          ["api", t("api")],
          ["widget", t("widget")],
        ]}
      />
      {tab === "api" ? <ApiKeys /> : <WidgetKeys />}
    </Page>
  );
}
