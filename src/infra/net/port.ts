/** Fetching addresses that other people gave us: identity providers, web pages, webhooks. */

export type WebRequest = {
  /** Most bytes of the body, after decompression. */
  maxBytes: number;
  /** Longest wait for the whole exchange, redirects and body included, in milliseconds. */
  timeoutMs: number;
  accept?: string;
  /** Refuse plain http, also when a redirect leads there. */
  httpsOnly?: boolean;
  signal?: AbortSignal;
  /** Added to ours, e.g. `if-none-match`; never sent on to another origin. */
  headers?: Readonly<Record<string, string>>;
};

export type WebPost = Omit<WebRequest, "accept"> & ({ body: Uint8Array } | { method: "DELETE" });

export type WebAnswer = {
  /** Where the redirects ended. */
  url: string;
  status: number;
  headers: Headers;
  /** Fails with `too_large` or `fetch_failed` while it is read. */
  body: ReadableStream<Uint8Array>;
};

export type Web = {
  /**
   * GETs a public address, without cookies or credentials.
   * @throws AppError `url_refused` for an address that is not public, at the first hop or any redirect
   * @throws AppError `fetch_failed` when nothing answers, in time and within three redirects
   * @throws AppError `too_large` when the server announces more than `maxBytes`
   */
  get(url: string, request: WebRequest): Promise<WebAnswer>;
  /** Judges an address as `get` and `post` do, and asks it nothing. Failures as of `get`. */
  check(url: string, request: Pick<WebRequest, "timeoutMs" | "httpsOnly">): Promise<void>;
  /** POSTs to a public address, or DELETEs; a redirect is an answer like any other and is not followed. Failures as of `get`. */
  post(url: string, request: WebPost): Promise<WebAnswer>;
};
