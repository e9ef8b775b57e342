/** Documents: add to them, watch them being read, find them; and the web sources that more come from. */
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Icon } from "../../../ui/icons.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { allGroups, largestFile } from "../../lists.ts";
import { Page } from "../../page.tsx";
import { AddressDialog } from "./address-dialog.tsx";
import { DocumentList } from "./document-list.tsx";
import { DropZone } from "./drop-zone.tsx";
import { megabytes } from "./refused.ts";
import { UploadDialog } from "./upload-dialog.tsx";
import type { Chosen } from "./uploads.ts";
import { UploadsPanel } from "./uploads-panel.tsx";
import { WebSources } from "./web-sources.tsx";

const t = words({
  title: ["Documents", "المستندات"],
  about: [
    "What your answers are drawn from. PDF, Word, PowerPoint, Excel, web pages, e-mail and more.",
    "ما تُستمد منه إجاباتك: PDF وWord وPowerPoint وExcel وصفحات الويب والبريد وغيرها.",
  ],
  most: ["Up to {most} MB each.", "حتى {most} م.ب لكل ملف."],
  web: ["From the web", "من الويب"],
  list: ["All documents", "كل المستندات"],
  sources: ["Web sources", "مصادر الويب"],
});

export function DocumentsPage() {
  const search = new URLSearchParams(useSearch());
  const tab = search.get("tab") === "sources" ? "sources" : "list";
  const { data: groups } = useData("groups", allGroups);
  const { data: most } = useData("org/limits", largestFile);
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [adding, setAdding] = useState(false);
  const [, go] = useLocation();
  return (
    <Page
      title={t("title")}
      about={most === null ? t("about") : `${t("about")} ${t("most", { most: megabytes(most) })}`}
      actions={
        <button type="button" class="button" onClick={() => setAdding(true)}>
          <Icon name="link" />
          {t("web")}
        </button>
      }
    >
      <DropZone onFiles={setChosen} />
      <UploadsPanel />
      <nav class="tabs" aria-label={t("title")}>
        <Link href="/documents" aria-current={tab === "list" ? "page" : undefined}>
          {t("list")}
        </Link>
        <Link href="/documents?tab=sources" aria-current={tab === "sources" ? "page" : undefined}>
          {t("sources")}
        </Link>
      </nav>
      {tab === "list" ? <DocumentList search={search} /> : <WebSources />}
      {chosen.length > 0 && (
        <UploadDialog files={chosen} groups={groups ?? []} most={most} onClose={() => setChosen([])} />
      )}
      {adding && (
        <AddressDialog
          groups={groups ?? []}
          onClose={() => setAdding(false)}
          onAdded={() => go("/documents?tab=sources")}
        />
      )}
    </Page>
  );
}
