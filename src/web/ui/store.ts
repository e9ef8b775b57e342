/** A value outside of components, and the hook that draws again when it changes. */
import { useEffect, useState } from "preact/hooks";

export type Store<T> = {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
};

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The store's value; the component is drawn again with every new one. */
export function useStore<T>(one: Store<T>): T {
  const [, draw] = useState({});
  useEffect(() => {
    const seen = one.get();
    const off = one.subscribe(() => draw({}));
    if (!Object.is(seen, one.get())) draw({});
    return off;
  }, [one]);
  return one.get();
}
