/** A failure as the API tells it (RFC 9457), or as we tell it when the API could not be reached. */

/** The members we read; those of `errors` name the field they are about. */
type Body = {
  code?: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: { path: string; message: string }[];
};

export class Problem extends Error {
  readonly code: string;
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | null;
  readonly fields: { path: string; message: string }[];
  /** Seconds until trying again makes sense. */
  readonly retryAfter: number | null;

  constructor(status: number, body: Body, retryAfter: number | null = null) {
    super(body.title ?? body.code ?? "failure");
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "offline" : "internal");
    this.detail = body.detail ?? body.title ?? "";
    this.requestId = body.request_id ?? null;
    this.fields = body.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** @throws Problem never: an answer that is no problem document becomes one */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Body;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new Problem(
    response.status,
    { request_id: response.headers.get("x-request-id") ?? undefined, ...body } as Body,
    Number.isFinite(seconds) ? seconds : null,
  );
}

/** Anything thrown, as a problem: `fetch` throws a TypeError when nobody answers. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return new Problem(0, { code: "offline" });
  return new Problem(500, { code: "internal", detail: thrown instanceof Error ? thrown.message : "" });
}
