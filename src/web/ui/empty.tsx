/** A page or list with nothing in it yet: what would be here, and how to get it there. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";

type EmptyProps = { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren };

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Grey lines where something will be. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="stack" aria-busy="true">
      {Array.from({ length: lines }, (_, at) => (
        <span class="skeleton" key={at} style={{ width: `${92 - ((at * 17) % 45)}%` }} />
      ))}
    </div>
  );
}
