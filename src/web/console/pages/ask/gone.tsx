/** A conversation that is not there any more, and the ways on from it. */
import { Link } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";

const t = words({
  new: ["New conversation", "محادثة جديدة"],
  gone: ["This conversation is not there any more", "لم تعد هذه المحادثة موجودة"],
  why: [
    "It was deleted, perhaps in another tab, or it is somebody else's.",
    "حُذفت، ربما في علامة تبويب أخرى، أو أنها لشخص آخر.",
  ],
  again: ["Ask in a new conversation", "اسأل في محادثة جديدة"],
});

/** In place of a conversation that was to be opened. */
export function Gone() {
  return (
    <Empty icon="history" title={t("gone")} action={<NewLink />}>
      {t("why")}
    </Empty>
  );
}

/** In place of an answer. @param onAgain asks the question in a conversation of its own */
export function GoneMeanwhile({ onAgain }: { onAgain: (() => void) | undefined }) {
  return (
    <div class="callout warn" role="alert">
      <strong>{t("gone")}</strong>
      <p class="small">{t("why")}</p>
      {onAgain && (
        <div>
          <button type="button" class="button small" onClick={onAgain}>
            {t("again")}
          </button>
        </div>
      )}
    </div>
  );
}

export function NewLink() {
  return (
    <Link class="button small" href="/ask">
      <Icon name="plus" />
      {t("new")}
    </Link>
  );
}
