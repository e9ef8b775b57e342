/** A form over some of the settings: read, changed, saved together, and taken back if it was a mistake. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { type Data, useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { updateSession } from "../../session.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import type { Settings } from "./settings.ts";

const t = words({ save: ["Save", "حفظ"], saved: ["Saved", "تم الحفظ"] });

export type Organization = Schemas["Organization"] & { settings: Settings };
type Change = { name?: string; settings?: Partial<Settings> };

const changeOrganization = (body: Change) => dataOf(client.PATCH("/api/v1/org", { body }));

/** Name and settings together. */
export type Draft<K extends keyof Settings> = { name: string } & Pick<Settings, K>;

type FormProps<K extends keyof Settings> = {
  names: readonly K[];
  children: (draft: Draft<K>, set: (change: Partial<Draft<K>>) => void) => ComponentChildren;
};

export function useOrganization(): Data<Organization> {
  return useData("org", async (signal) => {
    const { org } = await dataOf(client.GET("/api/v1/org", { signal }));
    if (!org.settings) throw new Error("the settings are for admins");
    return { ...org, settings: org.settings };
  });
}

export function SettingsForm<K extends keyof Settings>(props: FormProps<K>) {
  const { data, problem, reload } = useOrganization();
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  return data ? <Form org={data} {...props} /> : <Skeleton />;
}

const draftOf = <K extends keyof Settings>({ name, settings }: Organization, names: readonly K[]) =>
  ({ name, ...Object.fromEntries(names.map((one) => [one, settings[one]])) }) as Draft<K>;

export function Form<K extends keyof Settings>({
  org,
  names,
  children,
}: FormProps<K> & { org: Organization }) {
  const [kept, setKept] = useState(() => draftOf(org, names));
  const [draft, setDraft] = useState(kept);
  const put = async ({ name, ...settings }: Draft<K>) => {
    const { org: changed } = await changeOrganization({ name, settings: settings as Partial<Settings> });
    updateSession({ org: { id: changed.id, name: changed.name } });
    const { settings: now } = changed;
    if (!now) return;
    setKept(draftOf({ ...changed, settings: now }, names));
    setDraft(draftOf({ ...changed, settings: now }, names));
  };
  const { run, busy, problem } = useAction(async () => {
    await put(draft);
    toast(t("saved"), () => put(kept));
  });
  return (
    <form class="card stack wide" onSubmit={onSubmit(run)}>
      {children(draft, (change) => setDraft({ ...draft, ...change }))}
      {problem && <ProblemNote problem={problem} />}
      <div>
        <button type="submit" class="button primary" disabled={busy}>
          {t("save")}
        </button>
      </div>
    </form>
  );
}
