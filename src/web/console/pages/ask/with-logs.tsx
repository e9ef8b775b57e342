/** Whether the production log is asked as well: for internal admins, where a log server is connected. */
import { Check } from "../../../ui/field.tsx";
import { useStore } from "../../../ui/store.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { session } from "../../session.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({ logs: ["Ask the production log, too", "اسأل سجل الإنتاج أيضًا"] });

type WithLogsProps = { on: boolean; onValue: (on: boolean) => void };

export function WithLogs({ on, onValue }: WithLogsProps) {
  const user = useStore(session)?.user;
  const may = user?.role === "admin" && user.access === "internal";
  const { data } = useData(may ? "logs/connection" : null, (signal) =>
    dataOf(client.GET("/api/v1/logs/connection", { signal })),
  );
  if (!data?.connection) return null;
  return (
    <div class="only small">
      <Check label={t("logs")} checked={on} onValue={onValue} />
    </div>
  );
}
