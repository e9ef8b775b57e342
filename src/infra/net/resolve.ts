/** Looks names up over HTTPS, so that an address can be judged before anything connects to it. */
import * as z from "zod";
import { AppError } from "../../errors.ts";

/** Every address of `host`; empty when there is no such name. Rejects when the resolver does not answer. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>;

const RECORD_TYPES = { A: 1, AAAA: 28 } as const;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

/** The JSON form of DNS over HTTPS that Cloudflare and Google speak. */
const DnsAnswer = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).default([]),
});

/** @param endpoint e.g. `https://cloudflare-dns.com/dns-query` */
export function resolveOverHttps(endpoint: string): Resolve {
  async function lookUp(
    host: string,
    type: keyof typeof RECORD_TYPES,
    signal: AbortSignal,
  ): Promise<string[]> {
    const url = new URL(endpoint);
    url.search = String(new URLSearchParams({ name: host, type }));
    const response = await fetch(url, { headers: { accept: "application/dns-json" }, signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new AppError("fetch_failed", { detail: `The name ${host} could not be looked up.` });
    }
    const { Status: status, Answer: records } = DnsAnswer.parse(await response.json());
    if (status !== NO_ERROR && status !== NO_SUCH_NAME) {
      throw new AppError("fetch_failed", { detail: `The name ${host} could not be looked up.` });
    }
    return records.filter((record) => record.type === RECORD_TYPES[type]).map((record) => record.data);
  }
  return async (host, signal) => {
    const [v4, v6] = await Promise.all([lookUp(host, "A", signal), lookUp(host, "AAAA", signal)]);
    return [...v4, ...v6];
  };
}
