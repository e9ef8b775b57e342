/** A field that finds while somebody types, once they pause. */
import { useEffect, useState } from "preact/hooks";

const PAUSE_MS = 250;

type SearchBoxProps = { label: string; value: string; onFind: (text: string) => void };

export function SearchBox({ label, value, onFind }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onFind(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      class="input"
      type="search"
      dir="auto"
      aria-label={label}
      placeholder={label}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
