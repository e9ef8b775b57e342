/** A list that is typed one to a line. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Field } from "../../../ui/field.tsx";
import { linesOf } from "../../lines.ts";

type LinesProps = {
  label: string;
  hint?: ComponentChildren;
  value: readonly string[];
  onValue: (lines: string[]) => void;
};

/** What is typed stays as it is typed while it means the same. */
export function LinesField({ label, hint, value, onValue }: LinesProps) {
  const [typed, setTyped] = useState(value.join("\n"));
  const text = linesOf(typed).join("\n") === value.join("\n") ? typed : value.join("\n");
  return (
    <Field label={label} hint={hint}>
      {(labelled) => (
        <textarea
          class="input mono"
          dir="ltr"
          {...labelled}
          value={text}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            onValue(linesOf(event.currentTarget.value));
          }}
        />
      )}
    </Field>
  );
}
