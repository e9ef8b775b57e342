/** An address that is no page of this person's. */
import { Link } from "wouter-preact";
import { Empty } from "../ui/empty.tsx";
import { words } from "../ui/words.ts";

const t = words({
  title: ["There is no such page", "لا توجد صفحة كهذه"],
  text: [
    "The address is wrong, or your role does not show this page.",
    "العنوان خاطئ، أو أن دورك لا يعرض هذه الصفحة.",
  ],
  home: ["Go to the start page", "إلى صفحة البداية"],
});

export function NotFound({ home }: { home: string }) {
  return (
    <div class="page">
      <Empty
        icon="search"
        title={t("title")}
        action={
          <Link class="button" href={home}>
            {t("home")}
          </Link>
        }
      >
        {t("text")}
      </Empty>
    </div>
  );
}
