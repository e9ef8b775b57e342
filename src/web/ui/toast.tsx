/** Short notices at the foot of the page, and the way back from what they announce. */
import { store, useStore } from "./store.ts";
import { words } from "./words.ts";

const t = words({ undo: ["Undo", "تراجع"] });

type Toast = { id: number; text: string; undo?: () => unknown };

const SHOWN_MS = 7_000;
const toasts = store<Toast[]>([]);
let last = 0;

const drop = (id: number) => toasts.set(toasts.get().filter((toast) => toast.id !== id));

/** @param undo offered as a button while the notice is there */
export function toast(text: string, undo?: () => unknown): void {
  const id = ++last;
  toasts.set([...toasts.get().slice(-2), { id, text, ...(undo ? { undo } : {}) }]);
  setTimeout(() => drop(id), SHOWN_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map(({ id, text, undo }) => (
        <div class="toast" key={id}>
          <span dir="auto">{text}</span>
          {undo && (
            <button
              type="button"
              onClick={() => {
                drop(id);
                undo();
              }}
            >
              {t("undo")}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
