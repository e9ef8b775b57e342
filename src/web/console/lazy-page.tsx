/** A page whose file is fetched when it is opened. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Skeleton } from "../ui/empty.tsx";
import { type Problem, toProblem } from "../ui/problem.ts";
import { ProblemNote } from "../ui/problem.tsx";
import type { PageProps, PageRoute } from "./routes.ts";

const loaded = new Map<string, ComponentType<PageProps>>();

/** A new release has other files: the page as it is now is fetched once, then the failure is shown. */
const RELOADED = "kalamna.reloaded";

export function LazyPage({ route, params }: { route: PageRoute } & PageProps) {
  const [, draw] = useState({});
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    setProblem(null);
    route.load().then(
      (file) => {
        loaded.set(route.path, file.default);
        sessionStorage.removeItem(RELOADED);
        draw({});
      },
      (thrown: unknown) => {
        if (sessionStorage.getItem(RELOADED) !== null) return setProblem(toProblem(thrown));
        sessionStorage.setItem(RELOADED, "1");
        location.reload();
      },
    );
  }, [route]);
  const Page = loaded.get(route.path);
  if (Page) return <Page params={params} />;
  if (problem) return <ProblemNote problem={problem} onRetry={() => location.reload()} />;
  return (
    <div class="page">
      <Skeleton />
    </div>
  );
}
