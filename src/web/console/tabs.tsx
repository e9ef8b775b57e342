/** Parts of a page, each with an address of its own. */
import { Link } from "wouter-preact";

type TabsProps = {
  label: string;
  home: string;
  tabs: readonly (readonly [id: string, label: string])[];
  open: string;
  /** What all of their addresses have behind `?`. */
  search?: string;
};

/** The first tab is at `home`, the others at `home/id`. */
export function Tabs({ label, home, tabs, open, search }: TabsProps) {
  const behind = search ? `?${search}` : "";
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(([id, text], at) => (
        <Link
          key={id}
          href={`${at === 0 ? home : `${home}/${id}`}${behind}`}
          aria-current={id === open ? "page" : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
