/** Who may read something: everybody, people of the organization, or members of some groups only. */
import { Check, SelectField } from "../ui/field.tsx";
import { useStore } from "../ui/store.ts";
import { words } from "../ui/words.ts";
import { session } from "./session.ts";
import type { Access, Group } from "./types.ts";

const t = words({
  access: ["Who may read it", "من يمكنه القراءة"],
  internal: ["Internal: people of the organization", "داخلي: أفراد المؤسسة"],
  external: ["External: customers and the widget too", "خارجي: العملاء والأداة أيضًا"],
  groups: ["Only for these groups", "لهذه المجموعات فقط"],
  none: ["None chosen: everybody whom the level lets in", "بلا اختيار: كل من يسمح له المستوى"],
});

const LEVELS: readonly Access[] = ["internal", "external"];

export type AudienceValue = { access_level: Access; groups: string[] };

/** As the API takes what says nothing of its readers: whoever reads external documents only adds no others. */
export const ownAudience = (): AudienceValue => ({
  access_level: session.get()?.user.access ?? "internal",
  groups: [],
});

type AudienceProps = {
  value: AudienceValue;
  groups: Group[];
  onValue: (value: AudienceValue) => void;
};

export function Audience({ value, groups, onValue }: AudienceProps) {
  const mine = useStore(session)?.user.access;
  return (
    <>
      <SelectField
        label={t("access")}
        value={value.access_level}
        options={LEVELS.filter((one) => one === "external" || mine !== "external").map(
          (one) => [one, t(one)] as const,
        )}
        onValue={(access_level) => onValue({ ...value, access_level })}
      />
      {groups.length > 0 && (
        <fieldset class="field plain">
          <legend class="label">{t("groups")}</legend>
          {groups.map(({ id, name }) => (
            <Check
              key={id}
              label={<span dir="auto">{name}</span>}
              checked={value.groups.includes(id)}
              onValue={(on) =>
                onValue({
                  ...value,
                  groups: on ? [...value.groups, id] : value.groups.filter((one) => one !== id),
                })
              }
            />
          ))}
          <span class="hint">{t("none")}</span>
        </fieldset>
      )}
    </>
  );
}
