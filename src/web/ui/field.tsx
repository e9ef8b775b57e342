/** A labelled control, with its hint and what is wrong with it read out as such. */
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useId } from "preact/hooks";

export type Labelled = { id: string; "aria-describedby"?: string; "aria-invalid"?: "true" };

type FieldProps = {
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** What is wrong with the value; undefined when nothing is. */
  wrong?: string | undefined;
  children: (labelled: Labelled) => ComponentChildren;
};

/** @example <Field label="Name">{(labelled) => <textarea class="input" {...labelled} />}</Field> */
export function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId();
  const about = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(about ? { "aria-describedby": about } : {}),
        ...(wrong ? { "aria-invalid": "true" as const } : {}),
      })}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {wrong && (
        <div class="wrong" id={`${id}-wrong`}>
          {wrong}
        </div>
      )}
    </div>
  );
}

type TextProps = Omit<FieldProps, "children"> &
  Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onInput" | "label"> & {
    value: string;
    onValue: (value: string) => void;
  };

export function TextField({ label, hint, wrong, value, onValue, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(labelled) => (
        <input
          class="input"
          dir={value === "" ? undefined : "auto"}
          {...rest}
          {...labelled}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

type SelectProps<T extends string> = Omit<FieldProps, "children"> & {
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onValue: (value: T) => void;
  disabled?: boolean;
};

export function SelectField<T extends string>(props: SelectProps<T>) {
  const { label, hint, wrong, ...select } = props;
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(labelled) => <Select {...labelled} {...select} />}
    </Field>
  );
}

type BareSelectProps<T extends string> = Pick<SelectProps<T>, "value" | "options" | "onValue" | "disabled"> &
  Partial<Labelled> & { "aria-label"?: string };

export function Select<T extends string>({ value, options, onValue, ...rest }: BareSelectProps<T>) {
  return (
    <select
      class="input"
      {...rest}
      value={value}
      onChange={(event) => {
        const chosen = options.find(([one]) => one === event.currentTarget.value);
        if (chosen) onValue(chosen[0]);
      }}
    >
      {options.map(([one, text]) => (
        <option key={one} value={one} selected={one === value}>
          {text}
        </option>
      ))}
    </select>
  );
}

type CheckProps = {
  label: ComponentChildren;
  hint?: ComponentChildren;
  checked: boolean;
  onValue: (on: boolean) => void;
};

export function Check({ label, hint, checked, onValue }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="muted small"> {hint}</span>}
      </span>
    </label>
  );
}
