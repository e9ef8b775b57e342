/** The public API as this console calls it: signed in, and every failure a Problem. */
import { navigate } from "wouter-preact/use-browser-location";
import { problemOf } from "../ui/problem.ts";
import { freshToken, renew, session, signedOut } from "./session.ts";

export type Page<T> = { data: T[]; next_cursor: string | null };

type Query = Record<string, string | number | null | undefined>;
type Options = {
  query?: Query | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Without a token: before anybody is signed in. */
  open?: boolean;
};

const addressOf = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return `/api/v1/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
};

/** The bare response, for streams and files. @throws Problem */
export async function call(method: string, path: string, options: Options = {}): Promise<Response> {
  const { body, raw, signal, headers, open } = options;
  const send = async () => {
    const json = body !== undefined ? { "content-type": "application/json" } : {};
    const bearer = open ? {} : { authorization: `Bearer ${await freshToken()}` };
    return fetch(addressOf(path, options.query), {
      method,
      headers: { ...json, ...bearer, ...headers },
      ...(body !== undefined ? { body: JSON.stringify(body) } : raw !== undefined ? { body: raw } : {}),
      ...(signal ? { signal } : {}),
    });
  };
  return answered(send, open);
}

/** Sends a request of the typed client. @throws Problem */
export const sendSigned = (request: Request): Promise<Response> =>
  answered(async () => {
    const copy = request.clone();
    copy.headers.set("authorization", `Bearer ${await freshToken()}`);
    return fetch(copy);
  });

async function answered(send: () => Promise<Response>, open = false): Promise<Response> {
  let response = await send();
  if (response.status === 401 && !open) {
    // Rights changed since the token was made: a new one may do.
    await renew();
    if (session.get()) response = await send();
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !open) signedOut();
  if (problem.code === "email_verification_required") navigate("/verify");
  throw problem;
}

/** @throws Problem */
async function json<T>(method: string, path: string, options?: Options): Promise<T> {
  const response = await call(method, path, options);
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => json<T>("GET", path, { query, signal }),
  post: <T>(path: string, body: unknown = {}, options: Options = {}) =>
    json<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body: unknown) => json<T>("PUT", path, { body }),
  patch: <T>(path: string, body: unknown) => json<T>("PATCH", path, { body }),
  remove: <T>(path: string, body?: unknown) => json<T>("DELETE", path, { body }),
};

/** Everything of a short list, such as groups. */
export async function all<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { limit: 200, cursor }, signal);
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}

/** Hands a file from the API to the browser's downloads. */
export async function download(path: string, query: Query | undefined, name: string): Promise<void> {
  const response = await call("GET", path, { query });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
