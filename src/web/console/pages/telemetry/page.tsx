/** Production logs: connect the server that keeps them, then search it. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import { client, dataOf } from "../../typed.ts";
import { ConnectionForm } from "./connection-form.tsx";
import { LogSearch } from "./search.tsx";
import "./telemetry.css";

const t = words({
  title: ["Telemetry", "القياسات"],
  about: [
    "Your production logs, searched where they are. Secrets and people are taken out of every line first.",
    "سجلات الإنتاج لديك، يُبحث فيها حيث هي. تُحذف الأسرار وبيانات الأشخاص من كل سطر أولًا.",
  ],
  connection: ["Connection", "الاتصال"],
  none: ["No log server is connected", "لم يُربط أي خادم سجلات"],
  noneText: [
    "Name an MCP server with a tool that searches logs, such as those of Grafana, Elastic or Datadog. Nothing is copied: each search asks it.",
    "حدّد خادم MCP لديه أداة للبحث في السجلات، مثل خوادم Grafana أو Elastic أو Datadog. لا يُنسخ شيء: كل بحث يسأله.",
  ],
  disconnect: ["Disconnect", "فصل"],
  disconnectTitle: ["Disconnect the log server?", "فصل خادم السجلات؟"],
  disconnectText: [
    "Its address and key are forgotten. The logs stay where they are.",
    "يُنسى عنوانه ومفتاحه. تبقى السجلات حيث هي.",
  ],
});

export default function TelemetryPage() {
  const [opened, setOpened] = useState<"connection" | "leaving" | null>(null);
  const found = useData("logs/connection", (signal) =>
    dataOf(client.GET("/api/v1/logs/connection", { signal })),
  );
  const connection = found.data?.connection;
  const changed = async () => {
    setOpened(null);
    await found.reload();
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        connection && (
          <button type="button" class="button" onClick={() => setOpened("connection")}>
            <Icon name="link" />
            {t("connection")}
          </button>
        )
      }
    >
      {found.problem && <ProblemNote problem={found.problem} onRetry={() => void found.reload()} />}
      {found.loading && <Skeleton />}
      {connection === null && (
        <div class="stack">
          <Empty icon="telemetry" title={t("none")}>
            {t("noneText")}
          </Empty>
          <div class="card form">
            <ConnectionForm connection={null} onSaved={changed} />
          </div>
        </div>
      )}
      {connection && <LogSearch />}
      {connection && opened === "connection" && (
        <Dialog title={t("connection")} onClose={() => setOpened(null)}>
          <ConnectionForm
            connection={connection}
            onSaved={changed}
            end={
              <button type="button" class="button danger" onClick={() => setOpened("leaving")}>
                {t("disconnect")}
              </button>
            }
          />
        </Dialog>
      )}
      {opened === "leaving" && (
        <Confirm
          title={t("disconnectTitle")}
          action={t("disconnect")}
          onClose={() => setOpened(null)}
          onConfirm={async () => {
            await client.DELETE("/api/v1/logs/connection");
            await found.reload();
          }}
        >
          <p>{t("disconnectText")}</p>
        </Confirm>
      )}
    </Page>
  );
}
