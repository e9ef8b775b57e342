/** Who is signed in, and tokens that stay valid: the refresh token where the person wants it, the access token in this tab. */
import { Problem, toProblem } from "../ui/problem.ts";
import { store } from "../ui/store.ts";
import { open } from "./open.ts";
import type { SignIn, User } from "./types.ts";

export type Session = {
  user: User;
  org: { id: string; name: string } | null;
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
};

const STORED = "kalamna.refresh";
/** A reload goes on with it: beside a refresh token, which is worth more, it gives nothing away. */
const CURRENT = "kalamna.session";

/** Undefined until we know. */
export const session = store<Session | null | undefined>(currentOne());
session.subscribe(() => {
  const current = session.get();
  try {
    if (current) sessionStorage.setItem(CURRENT, JSON.stringify(current));
    else sessionStorage.removeItem(CURRENT);
  } catch {
    // Storage is blocked: a reload signs in anew.
  }
});

/** Nobody here signed out: the sign-in page says why it is there. */
export const ended = store(false);

/** Of before a reload, unless it has ended. */
function currentOne(): Session | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(CURRENT) ?? "null") as Session | null;
    return stored && stored.expiresAt > Date.now() ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Renewed so long before it ends, in milliseconds. */
const EARLY_MS = 30_000;

/** The places a refresh token may be in: one that outlives the tab, one that does not. */
const places = (): Storage[] => {
  try {
    return [localStorage, sessionStorage];
  } catch {
    return [];
  }
};
const placeOf = () => places().find((place) => place.getItem(STORED) !== null);

/** @param stay beyond this tab; when it is not said, where the last token was */
export function signedIn(answer: SignIn, stay?: boolean): void {
  const [lasting, brief] = places();
  const place = stay === undefined ? placeOf() : stay ? lasting : brief;
  forget();
  ended.set(false);
  // Superadmins have none.
  if ("refresh_token" in answer) place?.setItem(STORED, answer.refresh_token);
  session.set({
    user: answer.user,
    org: "org" in answer ? answer.org : null,
    token: answer.token,
    expiresAt: Date.now() + answer.expires_in * 1000,
  });
}

function forget(): void {
  for (const place of places()) place.removeItem(STORED);
}

/** @param byServer it does not know the session any more */
export function signedOut(byServer = false): void {
  forget();
  // Requests that were on their way when somebody signed out are refused too.
  if (session.get() !== null) ended.set(byServer);
  session.set(null);
}

/** Profile or organization as they are now. */
export function updateSession(change: Partial<Pick<Session, "user" | "org">>): void {
  const current = session.get();
  if (current) session.set({ ...current, ...change });
}

/** Another access token for the same session. */
export function renewed({ token, expires_in }: Pick<SignIn, "token" | "expires_in">): void {
  const current = session.get();
  if (current) session.set({ ...current, token, expiresAt: Date.now() + expires_in * 1000 });
}

let renewing: Promise<void> | null = null;

/** A token that holds for the next request. @throws Problem `session_revoked` */
export async function freshToken(): Promise<string> {
  const current = session.get();
  if (!current || (current.expiresAt - Date.now() < EARLY_MS && placeOf())) await renew();
  const renewed = session.get();
  if (!renewed) throw new Problem(401, { code: "session_revoked" });
  return renewed.token;
}

/** Exchanges the refresh token; callers at the same time share one exchange. */
export function renew(): Promise<void> {
  renewing ??= alone(exchange).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** A refresh token works once: tabs that share it take turns. */
const alone = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request("kalamna.refresh", work) : work();

async function exchange(): Promise<void> {
  const token = placeOf()?.getItem(STORED);
  if (!token) return session.get() ? signedOut(true) : session.set(null);
  try {
    const { data } = await open.POST("/api/v1/auth/refresh", { body: { refresh_token: token } });
    if (data) signedIn(data);
  } catch (thrown) {
    const { status } = toProblem(thrown);
    // Only a clear no ends the session: a server that is away for a moment does not.
    if (status === 401 || status === 400) return signedOut(true);
    throw thrown;
  }
}
