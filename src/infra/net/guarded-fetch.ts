/**
 * Fetches addresses other people gave us, and only public ones: every hop is judged by its URL and by what its name
 * resolves to. Between our look-up and the platform's own a name may change (DNS rebinding): on Cloudflare `fetch`
 * reaches no private network anyway; elsewhere put the Worker behind an egress rule.
 */
import { AppError } from "../../errors.ts";
import { tracedFetch } from "../trace/fetch.ts";
import type { Web, WebAnswer, WebPost, WebRequest } from "./port.ts";
import { hostOf, isLoopback, isPublicAddress, isPublicName } from "./public-address.ts";
import type { Resolve } from "./resolve.ts";

/** Robots.txt files name us by the first word. */
const USER_AGENT = "Kalamna/1.0";
const MAX_REDIRECTS = 3;
/** Web servers live here; a form that reaches other ports is a port scanner. */
const PORTS = ["", "80", "443", "8080", "8443"];

export type GuardOptions = {
  /** Judges names by their addresses; null where no resolver can be reached, then by the name alone. */
  resolve: Resolve | null;
  /** Development: this machine may be fetched from, at any port, over plain http. */
  allowLoopback: boolean;
};

const refused = (detail: string) => new AppError("url_refused", { detail });

/**
 * The rules that need no network.
 * @throws AppError `url_refused`
 */
export function judgeUrl(address: string, httpsOnly: boolean, allowLoopback: boolean): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw refused("The address must start with https:// or http://.");
  }
  if (url.username !== "" || url.password !== "")
    throw refused("The address must not contain a user or password.");
  const host = hostOf(url);
  if (allowLoopback && isLoopback(host)) return url;
  if (httpsOnly && url.protocol !== "https:") throw refused("The address must start with https://.");
  if (!PORTS.includes(url.port)) throw refused(`Port ${url.port} is not one a web server listens on.`);
  if (!isPublicName(host) && !isPublicAddress(host)) throw refused(`${host} is not on the public internet.`);
  return url;
}

/** One guard for the life of the isolate. */
export function guardedWeb({ resolve, allowLoopback }: GuardOptions): Web {
  async function judge(address: string, httpsOnly: boolean, signal: AbortSignal): Promise<URL> {
    const url = judgeUrl(address, httpsOnly, allowLoopback);
    const host = hostOf(url);
    if (!resolve || !isPublicName(host)) return url;
    const addresses = await resolve(host, signal);
    if (addresses.length === 0) throw new AppError("fetch_failed", { detail: `There is no host ${host}.` });
    if (!addresses.every(isPublicAddress)) throw refused(`${host} is not on the public internet.`);
    return url;
  }

  async function follow(address: string, request: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
    let next = address;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const url = await judge(next, request.httpsOnly ?? false, signal);
      const own = url.origin === new URL(address).origin ? request.headers : undefined;
      const response = await fetch(url, {
        redirect: "manual",
        headers: { ...own, accept: request.accept ?? "*/*", "user-agent": USER_AGENT },
        signal,
      });
      const location = response.headers.get("location");
      if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) {
        return await answer(response, url, request.maxBytes);
      }
      await response.body?.cancel();
      if (!URL.canParse(location, url))
        throw refused("The address redirects to something that is no address.");
      next = new URL(location, url).href;
    }
    throw new AppError("fetch_failed", { detail: `The address redirects more than ${MAX_REDIRECTS} times.` });
  }

  /** One exchange; whoever gets a redirect in answer to a POST is not who was asked for. */
  async function send(address: string, request: WebPost, signal: AbortSignal): Promise<WebAnswer> {
    const url = await judge(address, request.httpsOnly ?? false, signal);
    const response = await tracedFetch(url, {
      ...("body" in request ? { method: "POST", body: request.body } : { method: request.method }),
      redirect: "manual",
      headers: { ...request.headers, "user-agent": USER_AGENT },
      signal,
    });
    return answer(response, url, request.maxBytes);
  }

  return {
    get: (address, request) => within(request, (signal) => follow(address, request, signal)),
    async check(address, request) {
      await within(request, (signal) => judge(address, request.httpsOnly ?? false, signal));
    },
    post: (address, request) => within(request, (signal) => send(address, request, signal)),
  };
}

async function within<T>(
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const patience = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal ? AbortSignal.any([signal, patience]) : patience);
  } catch (thrown) {
    throw failure(thrown);
  }
}

async function answer(response: Response, url: URL, maxBytes: number): Promise<WebAnswer> {
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge(maxBytes);
  }
  const { status, headers } = response;
  return { url: url.href, status, headers, body: atMost(response.body, maxBytes) };
}

/** `source` until it ends or exceeds `maxBytes`; what breaks it on the way is named. */
function atMost(source: ReadableStream<Uint8Array> | null, maxBytes: number): ReadableStream<Uint8Array> {
  const reader = source?.getReader();
  let left = maxBytes;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = (await reader?.read()) ?? { done: true as const, value: undefined };
        if (done) return controller.close();
        left -= value.byteLength;
        if (left < 0) throw tooLarge(maxBytes);
        controller.enqueue(value);
      } catch (thrown) {
        controller.error(failure(thrown));
        reader?.cancel().catch(() => undefined);
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("too_large", {
    detail: `The address answers with more than ${Math.floor(maxBytes / 1024)} KB.`,
  });
}

function failure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const late = thrown instanceof Error && thrown.name === "TimeoutError";
  const detail = late ? "The address did not answer in time." : "Nothing answers at that address.";
  return new AppError("fetch_failed", { detail, cause: thrown });
}
