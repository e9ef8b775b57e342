/** A failure in the words of whoever asked: each dialect has its own. */
import type { AppError } from "../errors.ts";
import { openAiFailure } from "./dialects/openai-error.ts";
import { problemResponse } from "./problem.ts";

/** @param path of the request, which says what its sender speaks */
export function failureResponse(error: AppError, requestId: string, path: string): Response {
  return path.startsWith("/v1/") ? openAiFailure(error, requestId) : problemResponse(error, requestId);
}
