/** What outlives the page within a visit: this tab's storage, or nothing where the browser keeps none. */
import type { Exchange } from "./conversation.ts";

export type Visit = {
  session: string | undefined;
  exchanges: Exchange[];
  /** As the visitor left the panel; undefined when they have not touched it. */
  open?: boolean | undefined;
};

/** Exchanges that are kept; the newest. */
const MOST = 30;

const names = (key: string) => ({ visit: `kalamna:${key}`, token: `kalamna:${key}:token` });

function read(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Blocked or full: the visit lasts as long as the page.
  }
}

/** The visitor's last token: with it they stay the same visitor on the next page. */
export const tokenStore = (key: string) => ({
  read: () => read(names(key).token),
  write: (token: string) => write(names(key).token, token),
});

export function recall(key: string): Visit {
  try {
    const { session, exchanges, open } = JSON.parse(read(names(key).visit) ?? "") as Partial<Visit>;
    if (Array.isArray(exchanges)) return { session, exchanges, open };
  } catch {
    // Nothing yet, or nothing of ours.
  }
  return { session: undefined, exchanges: [] };
}

export function remember(key: string, visit: Visit): void {
  write(names(key).visit, JSON.stringify({ ...visit, exchanges: visit.exchanges.slice(-MOST) }));
}
