/** Everything the API says about a document, in words. */
import { dotted } from "../../../ui/isolated.ts";
import { bytes, dateTime, list, number, words } from "../../../ui/words.ts";
import { accessWords } from "../../names.ts";
import type { Group } from "../../types.ts";
import type { Document } from "./types.ts";

const t = words({
  file: ["File", "الملف"],
  type: ["Type", "النوع"],
  size: ["Size", "الحجم"],
  pages: ["Pages", "الصفحات"],
  passages: ["Passages", "المقاطع"],
  tokens: ["Tokens", "الرموز"],
  readers: ["Readers", "القرّاء"],
  groups: ["Groups", "المجموعات"],
  labels: ["Labels", "الوسوم"],
  externalId: ["External id", "المعرّف الخارجي"],
  address: ["Address", "العنوان"],
  version: ["Version", "الإصدار"],
  uploaded: ["Uploaded", "رُفع"],
  ready: ["Ready", "أصبح جاهزًا"],
  steps: ["Time taken", "الوقت المستغرق"],
  hash: ["SHA-256", "SHA-256"],
  id: ["Id", "المعرّف"],
});

const stepWords = words({
  extract: ["extracting", "الاستخراج"],
  chunk: ["cutting", "التقطيع"],
  analyze: ["counting words", "عدّ الكلمات"],
  drafts: ["keeping", "الحفظ"],
  embed: ["embedding", "التضمين"],
  publish: ["publishing", "النشر"],
  database: ["database", "قاعدة البيانات"],
});

const milliseconds = (ms: number) =>
  number(ms, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 });

export function Details({ document, groups }: { document: Document; groups: Group[] }) {
  const { counts, metadata, step_ms } = document;
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id;
  const rows: [string, string | null][] = [
    [t("file"), document.name],
    [t("type"), document.content_type],
    [t("size"), bytes(document.bytes)],
    [t("pages"), counts.pages === null ? null : number(counts.pages)],
    [t("passages"), counts.chunks === null ? null : number(counts.chunks)],
    [t("tokens"), counts.tokens === null ? null : number(counts.tokens)],
    [t("readers"), accessWords(document.access_level)],
    [t("groups"), document.groups === null ? null : list(document.groups.map(nameOf))],
    [
      t("labels"),
      Object.entries(metadata)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(", ") || null,
    ],
    [t("externalId"), document.external_id],
    [t("address"), document.url],
    [t("version"), number(document.version)],
    [t("uploaded"), dateTime(document.created_at)],
    [t("ready"), document.ready_at === null ? null : dateTime(document.ready_at)],
    [
      t("steps"),
      dotted(
        Object.entries(step_ms ?? {}).map(
          // A newer server may know a step that has no word here yet.
          ([step, ms]) => `${stepWords(step as Parameters<typeof stepWords>[0])} ${milliseconds(ms)}`,
        ),
      ) || null,
    ],
    [t("hash"), document.sha256],
    [t("id"), document.id],
  ];
  return (
    <dl class="facts card">
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div class="fact" key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
