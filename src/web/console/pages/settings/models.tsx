/** Which model finds, which ones answer, and how far a change is. */
import { useEffect, useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { titleOfCode } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { type Data, useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";

const t = words({
  embedding: ["Finding", "البحث"],
  embeddingText: [
    "The embedding model that questions and passages are compared with. A change embeds everything anew in the background; the current one answers until the last passage is done.",
    "نموذج التضمين الذي تُقارن به الأسئلة والمقاطع. التغيير يعيد تضمين كل شيء في الخلفية، والحالي يجيب حتى آخر مقطع.",
  ],
  current: ["in use", "قيد الاستخدام"],
  none: ["Chosen with your first document.", "يُختار مع أول مستند."],
  use: ["Use", "استخدم"],
  offline: ["offline, no provider asked", "دون اتصال بأي مزوّد"],
  confirm: ["Move to {model}?", "الانتقال إلى {model}؟"],
  cost: [
    { one: "About one token will be embedded.", other: "About {count} tokens will be embedded." },
    {
      one: "سيُضمَّن نحو رمز واحد.",
      two: "سيُضمَّن نحو رمزين.",
      few: "سيُضمَّن نحو {count} رموز.",
      many: "سيُضمَّن نحو {count} رمزًا.",
      other: "سيُضمَّن نحو {count} رمز.",
    },
  ],
  changing: [
    {
      one: "Moving to {model}: {done} of one passage",
      other: "Moving to {model}: {done} of {count} passages",
    },
    {
      one: "الانتقال إلى {model}: {done} من مقطع واحد",
      two: "الانتقال إلى {model}: {done} من مقطعين",
      few: "الانتقال إلى {model}: {done} من {count} مقاطع",
      many: "الانتقال إلى {model}: {done} من {count} مقطعًا",
      other: "الانتقال إلى {model}: {done} من {count} مقطع",
    },
  ],
  removing: [
    "Removing what is left of the other model; questions are answered meanwhile.",
    "تجري إزالة ما بقي من النموذج الآخر؛ والأسئلة تُجاب في الأثناء.",
  ],
  failing: ["It does not go on at the moment, and is tried again:", "متوقف الآن، وتُعاد المحاولة:"],
  cancel: ["Call it off", "إلغاء التغيير"],
  chat: ["Answering", "الإجابة"],
  chatText: [
    "Asked in this order: when the first does not answer, the next one does. None chosen: the installation's order.",
    "تُسأل بهذا الترتيب: إن لم يُجب الأول أجاب التالي. بلا اختيار: ترتيب التثبيت.",
  ],
  up: ["Move {model} up", "ارفع {model}"],
  saved: ["Saved", "تم الحفظ"],
  open: ["not answering", "لا يجيب"],
});

type ModelsView = Schemas["Models"];
type Answer = { models: ModelsView };

const WATCH_MS = 2_000;

export function Models() {
  const models = useData("models", (signal) => dataOf(client.GET("/api/v1/models", { signal })));
  const changing = models.data?.models.embedding.change != null;
  useEffect(() => {
    if (!changing) return;
    const timer = setInterval(() => void models.reload(), WATCH_MS);
    return () => clearInterval(timer);
  }, [changing, models.reload]);
  if (models.problem) return <ProblemNote problem={models.problem} onRetry={() => void models.reload()} />;
  if (!models.data) return <Skeleton />;
  return (
    <div class="stack wide form">
      <Embedding view={models.data.models.embedding} models={models} />
      <Chat view={models.data.models.chat} models={models} />
    </div>
  );
}

function Embedding({ view, models }: { view: ModelsView["embedding"]; models: Data<Answer> }) {
  const [moving, setMoving] = useState<string | null>(null);
  const { run, busy, problem } = useAction(async () => {
    const answer = await dataOf(client.DELETE("/api/v1/models/embedding/change"));
    models.set((before) => ({ models: { ...before.models, ...answer.models } }));
  });
  const { change } = view;
  return (
    <section class="card stack">
      <div class="stack tight">
        <h2>{t("embedding")}</h2>
        <p class="muted small">{t("embeddingText")}</p>
      </div>
      {view.current === null && <p>{t("none")}</p>}
      <div>
        {view.offered.map(({ model, mode }) => (
          <div class="model" key={model}>
            <span class="grow">
              <code class="wrap-anywhere">{model}</code>
              {mode === "offline" && <span class="muted small"> {t("offline")}</span>}
            </span>
            {model === view.current ? (
              <span class="badge ok">{t("current")}</span>
            ) : (
              view.current !== null &&
              change === null && (
                <button type="button" class="button small" onClick={() => setMoving(model)}>
                  {t("use")}
                </button>
              )
            )}
          </div>
        ))}
      </div>
      {change?.phase === "removing" && <p class="muted small">{t("removing")}</p>}
      {change?.phase === "embedding" && (
        <div class="stack tight">
          <span>
            {t("changing", {
              model: change.target ?? "",
              done: change.progress.done,
              count: change.progress.total,
            })}
          </span>
          <progress
            class="progress"
            aria-label={change.target ?? ""}
            max={Math.max(1, change.progress.total)}
            value={change.progress.done}
          />
          {change.failure && (
            <p class="small muted" role="status">
              {t("failing")} {titleOfCode(change.failure.code)}
            </p>
          )}
          <div>
            <button type="button" class="button small" disabled={busy} onClick={() => void run()}>
              {t("cancel")}
            </button>
          </div>
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
      {moving && (
        <Confirm
          title={t("confirm", { model: moving })}
          action={t("use")}
          onClose={() => setMoving(null)}
          onConfirm={async () => {
            await client.POST("/api/v1/models/embedding", { body: { model: moving } });
            await models.reload();
          }}
        >
          <p>{t("cost", { count: view.estimate.tokens })}</p>
        </Confirm>
      )}
    </section>
  );
}

function Chat({ view, models }: { view: ModelsView["chat"]; models: Data<Answer> }) {
  const save = async (chosen: string[]) => {
    await client.PATCH("/api/v1/org", { body: { settings: { chat_models: chosen } } });
    await models.reload();
  };
  const { run, busy, problem } = useAction(async (chosen: string[]) => {
    const before = view.chosen;
    await save(chosen);
    toast(t("saved"), () => save(before));
  });
  const rest = view.offered.filter(({ model }) => !view.chain.includes(model));
  const chain = view.chain.flatMap((name) => view.offered.find(({ model }) => model === name) ?? []);
  return (
    <section class="card stack">
      <div class="stack tight">
        <h2>{t("chat")}</h2>
        <p class="muted small">{t("chatText")}</p>
      </div>
      <div>
        {[...chain, ...rest].map(({ model, mode, state }) => {
          const at = view.chain.indexOf(model);
          const toggle = at < 0 ? [...view.chain, model] : view.chain.filter((one) => one !== model);
          return (
            <div class="model" key={model}>
              <input
                type="checkbox"
                aria-label={model}
                checked={at >= 0}
                disabled={busy}
                onChange={() => void run(toggle)}
              />
              <span class="grow">
                <code class="wrap-anywhere">{model}</code>
                {mode === "offline" && <span class="muted small"> {t("offline")}</span>}
              </span>
              {state !== "closed" && <span class="badge warn">{t("open")}</span>}
              {at > 0 && (
                <button
                  type="button"
                  class="button quiet icon small"
                  aria-label={t("up", { model })}
                  disabled={busy}
                  onClick={() =>
                    void run([
                      ...view.chain.slice(0, at - 1),
                      model,
                      ...view.chain.slice(at - 1).filter((one) => one !== model),
                    ])
                  }
                >
                  <Icon name="send" />
                </button>
              )}
            </div>
          );
        })}
      </div>
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}
