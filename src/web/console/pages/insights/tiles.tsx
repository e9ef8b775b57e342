/** The figures of a period at a glance, each beside the same of the period before. */
import { number, words } from "../../../ui/words.ts";
import type { Schemas } from "../../typed.ts";
import { cost, milliseconds, share } from "./formats.ts";

const t = words({
  questions: ["Questions", "الأسئلة"],
  people: [
    { one: "from one person", other: "from {count} people" },
    {
      one: "من شخص واحد",
      two: "من شخصين",
      few: "من {count} أشخاص",
      many: "من {count} شخصًا",
      other: "من {count} شخص",
    },
  ],
  grounded: ["From your documents", "من مستنداتكم"],
  groundedText: [
    { one: "one was not in them", other: "{count} were not in them" },
    {
      one: "واحدة لم تكن فيها",
      two: "اثنتان لم تكونا فيها",
      few: "{count} لم تكن فيها",
      many: "{count} لم تكن فيها",
      other: "{count} لم تكن فيها",
    },
  ],
  satisfaction: ["Satisfaction", "الرضا"],
  thumbs: ["{up} up, {down} down", "{up} مؤيد، {down} معارض"],
  latency: ["Answer complete in", "اكتمال الإجابة في"],
  latencyText: ["p95 {p95}, first word {first}", "‏p95 ‏{p95}، أول كلمة {first}"],
  tokens: ["Model tokens", "رموز النموذج"],
  cost: ["cost {cost}", "التكلفة {cost}"],
  cache: ["Without a model", "دون نموذج"],
  cacheText: ["{taught} taught, {hits} answered before", "{taught} مُعلَّمة، {hits} أُجيبت سابقًا"],
  before: ["before: {value}", "سابقًا: {value}"],
});

type Figures = Schemas["QuestionFigures"];
type TilesProps = { figures: Figures; before: Figures };

export function Tiles({ figures, before }: TilesProps) {
  const { first_token_ms: first, total_ms: total } = figures;
  return (
    <div class="tiles">
      <Tile
        name={t("questions")}
        value={number(figures.questions)}
        before={number(before.questions)}
        about={t("people", { count: figures.people })}
      />
      <Tile
        name={t("grounded")}
        value={share(figures.grounded_share)}
        before={share(before.grounded_share)}
        about={t("groundedText", { count: figures.not_in_documents })}
      />
      <Tile
        name={t("satisfaction")}
        value={share(figures.satisfaction)}
        before={share(before.satisfaction)}
        about={t("thumbs", { up: figures.up, down: figures.down })}
      />
      <Tile
        name={t("latency")}
        value={milliseconds(total?.p50 ?? null)}
        before={milliseconds(before.total_ms?.p50 ?? null)}
        about={t("latencyText", {
          p95: milliseconds(total?.p95 ?? null),
          first: milliseconds(first?.p50 ?? null),
        })}
      />
      <Tile
        name={t("tokens")}
        value={number(figures.prompt_tokens + figures.completion_tokens)}
        before={number(before.prompt_tokens + before.completion_tokens)}
        about={t("cost", { cost: cost(figures.cost) })}
      />
      <Tile
        name={t("cache")}
        value={number(figures.taught + figures.cache_hits)}
        before={number(before.taught + before.cache_hits)}
        about={t("cacheText", { taught: figures.taught, hits: figures.cache_hits })}
      />
    </div>
  );
}

type TileProps = { name: string; value: string; before: string; about: string };

function Tile({ name, value, before, about }: TileProps) {
  return (
    <section class="card tile" aria-label={name}>
      <h2 class="small muted">{name}</h2>
      <strong class="number">{value}</strong>
      <span class="small">{about}</span>
      <span class="small muted">{t("before", { value: before })}</span>
    </section>
  );
}
