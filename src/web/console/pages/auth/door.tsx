/** Everything before signing in: the card in the middle, and the languages below it. */
import type { ComponentChildren } from "preact";
import { Redirect, Route, Switch } from "wouter-preact";
import { chooseLanguage, LANGUAGES, type Language, useLanguage } from "../../../ui/words.ts";
import { AcceptInvitation } from "./accept-invitation.tsx";
import "./auth.css";
import { Forgot } from "./forgot.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignUp } from "./sign-up.tsx";

export function Door() {
  if (location.hash.startsWith("#invitation=")) return <AcceptInvitation />;
  return (
    <Switch>
      <Route path="/sign-up">
        <SignUp />
      </Route>
      <Route path="/forgot">
        <Forgot />
      </Route>
      <Route path="/sign-in">
        <SignIn />
      </Route>
      <Route>
        <Redirect to={`/sign-in${returnTo()}`} replace />
      </Route>
    </Switch>
  );
}

/** Where the person wanted to go, for after signing in. */
function returnTo(): string {
  const { pathname, search } = location;
  return pathname === "/" ? "" : `?to=${encodeURIComponent(pathname + search)}`;
}

type DoorCardProps = {
  title: string;
  about?: ComponentChildren;
  below?: ComponentChildren;
  children: ComponentChildren;
};

export function DoorCard({ title, about, below, children }: DoorCardProps) {
  const language = useLanguage();
  return (
    <div class="door">
      <main class="door-card">
        <div class="brand">
          <span class="logo" aria-hidden="true" />
          Kalamna
        </div>
        <div class="card stack">
          <div class="stack tight">
            <h1>{title}</h1>
            {about && <p class="muted">{about}</p>}
          </div>
          {children}
        </div>
        {below && <p class="muted">{below}</p>}
      </main>
      <footer class="row">
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <button
            key={one}
            type="button"
            class="button quiet small"
            lang={one}
            aria-pressed={one === language}
            onClick={() => chooseLanguage(one)}
          >
            {LANGUAGES[one]}
          </button>
        ))}
      </footer>
    </div>
  );
}
