/** A webhook's address and what it hears. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Check, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import type { Webhook } from "./webhooks.tsx";

const t = words({
  title: ["Webhook", "خطاف"],
  url: ["Address", "العنوان"],
  hint: ["https, and reachable from the internet", "https ويمكن الوصول إليه من الإنترنت"],
  description: ["What it is for", "الغرض منه"],
  events: ["Hears", "يستمع إلى"],
  save: ["Save", "حفظ"],
});

const EVENTS = ["document.ready", "document.failed", "batch.completed"] as const;

type WebhookDialogProps = {
  /** Null for a new one. */
  hook: Webhook | null;
  /** @param secret of a new one, shown once */
  onSaved: (secret: string | null) => void;
  onClose: () => void;
};

export function WebhookDialog({ hook, onSaved, onClose }: WebhookDialogProps) {
  const [url, setUrl] = useState(hook?.url ?? "");
  const [description, setDescription] = useState(hook?.description ?? "");
  const [events, setEvents] = useState(hook?.events ?? [...EVENTS]);
  const { run, busy, problem } = useAction(async () => {
    const body = { url, events, description };
    if (hook) {
      await client.PATCH("/api/v1/webhooks/{id}", { params: { path: { id: hook.id } }, body });
      return onSaved(null);
    }
    onSaved((await dataOf(client.POST("/api/v1/webhooks", { body }))).secret);
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={t("url")}
          hint={t("hint")}
          type="url"
          required
          dir="ltr"
          placeholder="https://"
          value={url}
          onValue={setUrl}
        />
        <TextField label={t("description")} maxLength={200} value={description} onValue={setDescription} />
        <fieldset class="plain stack tight">
          <legend>{t("events")}</legend>
          {EVENTS.map((event) => (
            <Check
              key={event}
              label={<code>{event}</code>}
              checked={events.includes(event)}
              onValue={(on) => setEvents(on ? [...events, event] : events.filter((one) => one !== event))}
            />
          ))}
        </fieldset>
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy || events.length === 0}>
            {t("save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
