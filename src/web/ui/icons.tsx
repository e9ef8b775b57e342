/** Line drawings of 24 by 24, in the colour of the text beside them. */
const PATHS = {
  ask: "M4 5h16v11H9l-5 4z",
  documents: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.5c2.1.8 3.5 2.9 3.5 5.5",
  keys: "M15.5 13a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12.3 11.7L4 20M6.5 17.5L9 20M9.5 14.5L12 17",
  audit: "M5 4h14v16H5zM9 9h6M9 13h6M9 17h3",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  platform: "M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01",
  knowledge: "M12 6c-2-1.6-4.6-2-8-2v14c3.4 0 6 .4 8 2 2-1.6 4.6-2 8-2V4c-3.4 0-6 .4-8 2zM12 6v14",
  insights: "M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6",
  evaluations: "M9 5H6v15h12V5h-3M9 3.5h6v3H9zM8.5 13.5l2.5 2.5 4.5-5",
  telemetry: "M3 12h4l2.5-6 4 12L16 12h5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  retry: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4",
  up: "M7 11v9H4v-9zM7 11l4-7c1.4 0 2.4 1 2.2 2.4L12.7 9H18c1.3 0 2.2 1.2 1.9 2.4l-1.5 6.8A2.4 2.4 0 0 1 16 20H7",
  down: "M17 13V4h3v9zM17 13l-4 7c-1.4 0-2.4-1-2.2-2.4l.5-2.6H6c-1.3 0-2.2-1.2-1.9-2.4l1.5-6.8A2.4 2.4 0 0 1 8 4h9",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 13l4 4L19 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4",
  upload: "M12 16V4M7 9l5-5 5 5M4 20h16",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  folder: "M3 6h6l2 2h10v11H3z",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6L12 17",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  warn: "M12 4L2.5 20h19zM12 10v4M12 17h.01",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4",
  language:
    "M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0zM3 12h18M12 3c2.5 2.5 3.5 5.5 3.5 9s-1 6.5-3.5 9c-2.5-2.5-3.5-5.5-3.5-9s1-6.5 3.5-9z",
  leave: "M14 4h6v16h-6M4 12h11M11 8l4 4-4 4",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-7 8-7s8 3 8 7",
} as const;

export type IconName = keyof typeof PATHS;

/** Those that point along the line turn with the writing. */
const TURNS: readonly IconName[] = ["back", "next", "leave"];

const classOf = (name: IconName): string =>
  `icon-svg${TURNS.includes(name) ? " turns" : ""}${name === "more" ? " dots" : ""}`;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={classOf(name)} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
