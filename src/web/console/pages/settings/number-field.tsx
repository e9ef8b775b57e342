/** A number that may be left empty. */
import { TextField } from "../../../ui/field.tsx";

type NumberProps = {
  label: string;
  hint: string;
  min: number;
  max: number;
  step?: number;
  required?: boolean;
  value: number | null;
  onValue: (value: number | null) => void;
};

export function NumberField({ value, onValue, step = 1, ...rest }: NumberProps) {
  return (
    <TextField
      {...rest}
      type="number"
      dir="ltr"
      inputMode={step < 1 ? "decimal" : "numeric"}
      step={step}
      value={value === null ? "" : String(value)}
      onValue={(typed) => onValue(typed === "" ? null : Number(typed))}
    />
  );
}
