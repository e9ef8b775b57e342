/** What a page shows and where it comes from: loading, there, or failed, and read again on demand. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Problem, toProblem } from "./problem.ts";

export type Data<T> = {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  /** Reads again; what is there stays until the answer comes. */
  reload: () => Promise<void>;
  /** Shows something else meanwhile. */
  set: (change: (data: T) => T) => void;
};

/** @param key what is read: another one starts anew, null reads nothing */
export function useData<T>(key: string | null, read: (signal: AbortSignal) => Promise<T>): Data<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; problem: Problem | null }>({
    key: null,
    data: null,
    problem: null,
  });
  const newest = useRef(read);
  newest.current = read;
  const running = useRef<AbortController | null>(null);
  const load = useCallback(async () => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    try {
      const data = await newest.current(mine.signal);
      if (!mine.signal.aborted) setState({ key, data, problem: null });
    } catch (thrown) {
      if (mine.signal.aborted) return;
      setState((before) => ({
        key,
        data: before.key === key ? before.data : null,
        problem: toProblem(thrown),
      }));
    }
  }, [key]);
  useEffect(() => {
    if (key !== null) void load();
    return () => running.current?.abort();
  }, [key, load]);
  const set = useCallback(
    (change: (data: T) => T) =>
      setState((before) => (before.data === null ? before : { ...before, data: change(before.data) })),
    [],
  );
  const current = state.key === key ? state : { data: null, problem: null };
  return {
    data: current.data,
    problem: current.problem,
    loading: key !== null && current.data === null && current.problem === null,
    reload: load,
    set,
  };
}

type Page<T> = { data: T[]; next_cursor: string | null };

/** A list that grows page by page. */
export function usePages<T>(
  key: string | null,
  read: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>,
) {
  const first = useData(key, (signal) => read(null, signal));
  const [more, setMore] = useState<{ loading: boolean; problem: Problem | null }>({
    loading: false,
    problem: null,
  });
  const cursor = first.data?.next_cursor ?? null;
  const loadMore = async () => {
    if (cursor === null) return;
    setMore({ loading: true, problem: null });
    try {
      const page = await read(cursor, new AbortController().signal);
      first.set((before) => ({ data: [...before.data, ...page.data], next_cursor: page.next_cursor }));
      setMore({ loading: false, problem: null });
    } catch (thrown) {
      setMore({ loading: false, problem: toProblem(thrown) });
    }
  };
  return {
    items: first.data?.data ?? null,
    problem: first.problem ?? more.problem,
    loading: first.loading,
    reload: first.reload,
    setItems: (change: (items: T[]) => T[]) =>
      first.set((before) => ({ ...before, data: change(before.data) })),
    more: cursor === null ? null : { load: loadMore, loading: more.loading },
  };
}
