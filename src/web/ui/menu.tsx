/** A button with a list of things to do. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

export type MenuItem = { label: string; icon?: IconName; danger?: boolean; onChoose: () => void };

type MenuProps = {
  /** Read out, and shown when there is nothing else to show. */
  label: string;
  items: (MenuItem | false | null | undefined)[];
  children?: ComponentChildren;
  class?: string;
  /** Where the list opens, seen from the button, as long as that is inside the window. */
  side?: "up" | "start" | "up start";
};

export function Menu({ label, items, children, class: name = "button quiet icon small", side }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [turned, setTurned] = useState(false);
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    setTurned(box !== undefined && (box.left < 0 || box.right > document.documentElement.clientWidth));
  }, [open]);
  const start = turned !== (side?.includes("start") ?? false);
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
    all.at(at % all.length)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and the items inside arrive here
    <div class="menu" ref={root} onKeyDown={move}>
      <button
        ref={button}
        type="button"
        class={name}
        aria-haspopup="menu"
        aria-expanded={open}
        {...(children ? {} : { "aria-label": label })}
        onClick={() => setOpen(!open)}
      >
        {children ?? <Icon name="more" />}
      </button>
      {open && (
        <div
          ref={list}
          class={`menu-list${side?.includes("up") ? " up" : ""}${start ? " start" : ""}`}
          role="menu"
          aria-label={label}
        >
          {items.map(
            (item) =>
              item && (
                <button
                  key={item.label}
                  type="button"
                  role="menuitem"
                  class={item.danger ? "danger" : ""}
                  onClick={() => {
                    setOpen(false);
                    button.current?.focus();
                    item.onChoose();
                  }}
                >
                  {item.icon && <Icon name={item.icon} />}
                  {item.label}
                </button>
              ),
          )}
        </div>
      )}
    </div>
  );
}
