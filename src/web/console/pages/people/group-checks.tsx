/** Which groups somebody is in. */
import { Check } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import type { Group } from "../../types.ts";

const t = words({ groups: ["Groups", "المجموعات"] });

type GroupChecksProps = { groups: Group[]; chosen: string[]; onChosen: (ids: string[]) => void };

export function GroupChecks({ groups, chosen, onChosen }: GroupChecksProps) {
  if (groups.length === 0) return null;
  return (
    <fieldset class="plain stack tight">
      <legend>{t("groups")}</legend>
      {groups.map(({ id, name }) => (
        <Check
          key={id}
          label={<span dir="auto">{name}</span>}
          checked={chosen.includes(id)}
          onValue={(on) => onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
        />
      ))}
    </fieldset>
  );
}
