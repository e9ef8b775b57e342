/** The line that puts the widget on a page, as its owner wants it to look, and the widget itself beside it. */
import { useState } from "preact/hooks";
import { CopyBox } from "../../../ui/copy.tsx";
import { Field, TextField } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { currentLanguage, words } from "../../../ui/words.ts";
import type { WidgetKey } from "./widget-keys.tsx";

const t = words({
  about: [
    "Paste this line into every page that should have the chat, anywhere in it.",
    "الصق هذا السطر في كل صفحة تريد فيها المحادثة، في أي مكان منها.",
  ],
  title: ["Its title", "عنوانها"],
  accent: ["Its colour", "لونها"],
  preview: ["The widget with these settings", "الأداة بهذه الإعدادات"],
  demo: ["Look at it on a demo page", "شاهدها في صفحة تجريبية"],
  origin: [
    "To look at it here, add {origin} to the sites it works on.",
    "لمشاهدتها هنا، أضف {origin} إلى المواقع التي تعمل عليها.",
  ],
});

/** As the widget has it where nobody says otherwise. */
const ACCENT = "#1f5f8b";

const attribute = (name: string, value: string) =>
  value === "" ? "" : ` data-${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;

export function Snippet({ widgetKey: { key, allowed_origins } }: { widgetKey: WidgetKey }) {
  const { origin } = location;
  const [title, setTitle] = useState("");
  const [accent, setAccent] = useState(ACCENT);
  const looks = attribute("title", title) + attribute("accent", accent === ACCENT ? "" : accent);
  const line = `<script src="${origin}/widget.js" data-key="${key}"${looks} async></script>`;
  return (
    <div class="stack">
      <p class="muted">{t("about")}</p>
      <CopyBox text={line} />
      <div class="row looks">
        <TextField label={t("title")} maxLength={80} value={title} onValue={setTitle} />
        <Field label={t("accent")}>
          {(labelled) => (
            <input
              type="color"
              {...labelled}
              value={accent}
              onChange={(event) => setAccent(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      {allowed_origins.includes(origin) ? (
        <>
          <iframe class="preview" title={t("preview")} srcdoc={pageWith(line)} />
          <div>
            <a class="button" href={`/demo/?key=${encodeURIComponent(key)}`} target="_blank" rel="noopener">
              <Icon name="ask" />
              {t("demo")}
            </a>
          </div>
        </>
      ) : (
        <p class="muted small">{t("origin", { origin })}</p>
      )}
    </div>
  );
}

/** A page with nothing but the widget, open where there is room for it. */
const pageWith = (line: string) =>
  `<!doctype html><html lang="${currentLanguage()}" dir="${document.documentElement.dir}">
    <meta name="color-scheme" content="light dark"><title>${t("preview")}</title>
    <body>${line.replace(" async", " data-open async")}</body></html>`;
