/** The line that puts the widget on a page, and the widget on a page of ours to look at. */
import { CopyBox } from "../../../ui/copy.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import type { WidgetKey } from "./widget-keys.tsx";

const t = words({
  about: [
    "Paste this line into every page that should have the chat, anywhere in it.",
    "الصق هذا السطر في كل صفحة تريد فيها المحادثة، في أي مكان منها.",
  ],
  preview: ["Look at it on a demo page", "شاهدها في صفحة تجريبية"],
  origin: [
    "To look at it here, add {origin} to the sites it works on.",
    "لمشاهدتها هنا، أضف {origin} إلى المواقع التي تعمل عليها.",
  ],
});

export function Snippet({ widgetKey: { key, allowed_origins } }: { widgetKey: WidgetKey }) {
  const { origin } = location;
  return (
    <div class="stack">
      <p class="muted">{t("about")}</p>
      <CopyBox text={`<script src="${origin}/widget.js" data-key="${key}" async></script>`} />
      {allowed_origins.includes(origin) ? (
        <div>
          <a class="button" href={`/demo/?key=${encodeURIComponent(key)}`} target="_blank" rel="noopener">
            <Icon name="ask" />
            {t("preview")}
          </a>
        </div>
      ) : (
        <p class="muted small">{t("origin", { origin })}</p>
      )}
    </div>
  );
}
