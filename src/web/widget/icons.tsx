/** Line icons of 24 units, in the colour of the text around them. */
import type { VNode } from "preact";

const PATHS = {
  chat: "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5z",
  close: "M18 6 6 18M6 6l12 12",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  again: "M3 12a9 9 0 1 0 2.6-6.4L3 8M3 3v5h5",
  fresh: "M12 5v14M5 12h14",
  back: "M19 12H5M11.5 5.5 5 12l6.5 6.5",
  page: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M9 13h6M9 17h4",
  up: "M7 10v11H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM7 10l4-8a2.6 2.6 0 0 1 2.6 2.6V8h5a2 2 0 0 1 2 2.3l-1.3 8.6a2 2 0 0 1-2 1.7H7",
  warning: "M12 8v5M12 16.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS | "down" | "stop" }): VNode {
  const drawn = name === "down" ? "up" : name;
  return (
    <svg viewBox="0 0 24 24" class={`icon ${name}`} aria-hidden="true">
      {drawn === "stop" ? <rect x="7" y="7" width="10" height="10" rx="2" /> : <path d={PATHS[drawn]} />}
    </svg>
  );
}
