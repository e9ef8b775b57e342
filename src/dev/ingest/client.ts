/** The few calls of the public API that the command line needs; what may pass is tried again. */
import { openAsBlob } from "node:fs";
import * as z from "zod";
import type { LocalFile } from "./files.ts";

const TRIES = 6;
/** Longest pause between two tries, in milliseconds. */
const MAX_PAUSE_MS = 30_000;

const Failure = z
  .object({ code: z.string(), detail: z.string().nullish(), retryable: z.boolean() })
  .nullable();
const Document = z.object({ id: z.string(), status: z.string(), failure: Failure });
const Uploaded = z.object({ document: Document, outcome: z.string() });
const Inspected = z.object({
  inspection: z.object({
    format: z.string(),
    sha256: z.string(),
    pages: z.number().nullable(),
    chunks: z.number(),
    tokens: z.number(),
    duplicate_of: z.object({ id: z.string(), name: z.string() }).nullable(),
    embedding: z.object({ model: z.string(), chunks: z.number(), tokens: z.number() }),
  }),
});
const Known = z.object({
  external_id: z.string(),
  sha256: z.string(),
  status: z.string(),
  failure: Failure,
});
const Problem = z.object({ code: z.string(), detail: z.string().optional() });

export type Inspection = z.infer<typeof Inspected>["inspection"];
export type Known = z.infer<typeof Known>;
export type Labels = {
  access_level?: string | undefined;
  groups?: string | undefined;
  metadata?: string | undefined;
};

/** What the API answered when it would not do it. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.code = code;
    this.status = status;
  }
}

export type Client = {
  inspect(file: LocalFile): Promise<Inspection>;
  upload(file: LocalFile, labels: Labels): Promise<z.infer<typeof Uploaded>>;
  /** What is there of these ids; 1,000 at most. */
  lookup(ids: readonly string[]): Promise<Known[]>;
};

/** @param credential an API key or access token; asked before every call, because tokens end */
export function clientFor(url: string, credential: () => Promise<string>): Client {
  const base = `${url.replace(/\/+$/, "")}/api/v1/documents`;

  async function call<T>(schema: z.ZodType<T>, path: string, body: () => Promise<RequestInit>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { pause, failure, value } = await once(schema, `${base}${path}`, await body());
      if (value !== undefined) return value.parsed;
      if (pause === undefined || attempt >= TRIES) throw failure;
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(MAX_PAUSE_MS, pause ?? 500 * 2 ** attempt)),
      );
    }
  }

  /** @returns the value, or the failure and for how long to wait: null = as we see fit, undefined = not worth it */
  async function once<T>(schema: z.ZodType<T>, address: string, init: RequestInit) {
    let response: Response;
    try {
      const headers = { ...init.headers, authorization: `Bearer ${await credential()}` };
      response = await fetch(address, { ...init, method: "POST", headers });
    } catch (cause) {
      return { pause: null, failure: new Error(`${new URL(url).origin} does not answer.`, { cause }) };
    }
    const text = await response.text();
    if (response.ok) return { value: { parsed: schema.parse(JSON.parse(text)) } };
    const { status } = response;
    const after = Number(response.headers.get("retry-after") ?? Number.NaN);
    const passing = status === 429 || status >= 500;
    const pause = !passing ? undefined : Number.isFinite(after) ? after * 1000 : null;
    return { pause, failure: refusal(status, text) };
  }

  const form = async (file: LocalFile, fields: Record<string, string | undefined>): Promise<RequestInit> => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value);
    body.set("file", await openAsBlob(file.path), file.id.split("/").at(-1));
    return { body };
  };

  return {
    inspect: async (file) => (await call(Inspected, "/inspect", () => form(file, {}))).inspection,
    upload: (file, labels) =>
      call(Uploaded, "", () => form(file, { ...labels, external_id: file.id, lane: "ingest-bulk" })),
    lookup: async (ids) => {
      const init = {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ external_ids: ids }),
      };
      return (await call(z.object({ data: z.array(Known) }), "/lookup", async () => init)).data;
    },
  };
}

function refusal(status: number, text: string): Refusal {
  try {
    const { code, detail } = Problem.parse(JSON.parse(text));
    return new Refusal(status, code, detail ?? code);
  } catch {
    return new Refusal(status, "unknown", `The server answered ${status}.`);
  }
}
