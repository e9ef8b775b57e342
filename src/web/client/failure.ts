/** The one error of the client, and how an answer of the API becomes one. */
import type { KalamnaError } from "./types.ts";

type Details = {
  status?: number;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
};

export class Failure extends Error implements KalamnaError {
  override readonly name = "KalamnaError";
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, { status = 0, requestId, retryAfter, cause }: Details = {}) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** The members of a problem document that we read; anybody may have answered, so nothing is taken for granted. */
export function failureOf(problem: unknown, status = 0, retryAfter?: number): Failure {
  const { code, detail, request_id } = (problem ?? {}) as Record<string, unknown>;
  return new Failure(
    typeof code === "string" ? code : "unexpected",
    typeof detail === "string" ? detail : `The server answered with status ${status}.`,
    {
      status,
      requestId: typeof request_id === "string" ? request_id : undefined,
      retryAfter,
    },
  );
}

/** The failure that a response other than 2xx stands for. */
export async function failureIn(response: Response): Promise<Failure> {
  const problem: unknown = await response.json().catch(() => undefined);
  const seconds = Number(response.headers.get("retry-after"));
  return failureOf(problem, response.status, seconds > 0 ? seconds : undefined);
}
