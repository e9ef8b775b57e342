/** What is on the screen: the way in, or the page that the address names. */
import { useEffect, useState } from "preact/hooks";
import { Redirect, Route, Switch, useLocation } from "wouter-preact";
import { type Problem, toProblem } from "../ui/problem.ts";
import { ProblemNote } from "../ui/problem.tsx";
import { useStore } from "../ui/store.ts";
import { Toasts } from "../ui/toast.tsx";
import { useLanguage } from "../ui/words.ts";
import { Layout } from "./layout.tsx";
import { LazyPage } from "./lazy-page.tsx";
import { NotFound } from "./not-found.tsx";
import { Door } from "./pages/auth/door.tsx";
import { isDoor } from "./pages/auth/doors.ts";
import { Verify } from "./pages/auth/verify.tsx";
import { ROUTES } from "./routes.ts";
import { renew, session } from "./session.ts";

export function App() {
  const language = useLanguage();
  return (
    <div class="app" key={language}>
      <Inside />
      <Toasts />
    </div>
  );
}

function Inside() {
  const current = useStore(session);
  const [path, go] = useLocation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const begin = () => {
    setProblem(null);
    renew().catch((thrown: unknown) => setProblem(toProblem(thrown)));
  };
  useEffect(() => {
    if (current === undefined) begin();
  }, []);
  // The letter's link has its secret behind `#`, which no server sees.
  if (location.hash.startsWith("#invitation=")) return <Door />;
  if (current === undefined) {
    return problem ? (
      <main class="alone">
        <ProblemNote problem={problem} onRetry={begin} />
      </main>
    ) : (
      <div class="alone" aria-busy="true" />
    );
  }
  if (current === null) return <Door />;
  const { email, email_verified: verified } = current.user;
  if (path === "/verify" && verified === false) {
    const start = () => go("/", { replace: true });
    return <Verify email={email} onDone={start} onLater={start} />;
  }
  const mine = ROUTES.filter(
    ({ roles, internal }) =>
      roles.includes(current.user.role) && (!internal || current.user.access === "internal"),
  );
  const home = mine[0]?.home ?? "/";
  if (path === "/" || isDoor(path)) return <Redirect to={home} replace />;
  return (
    <Layout routes={mine}>
      <Switch>
        {mine.map((route) => (
          <Route key={route.path} path={route.path}>
            {(params) => <LazyPage route={route} params={params} />}
          </Route>
        ))}
        <Route>
          <NotFound home={home} />
        </Route>
      </Switch>
    </Layout>
  );
}
