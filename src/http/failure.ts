/** A failure in the words of whoever asked: each dialect has its own. */
import type { AppError } from "../errors.ts";
import { difyFailure } from "./dialects/dify.ts";
import { openAiFailure } from "./dialects/openai-error.ts";
import { problemResponse } from "./problem.ts";

/** @param path of the request, which says what its sender speaks */
export function failureResponse(error: AppError, requestId: string, path: string): Response {
  if (path.startsWith("/v1/")) return openAiFailure(error, requestId);
  if (path === "/retrieval") return difyFailure(error, requestId);
  return problemResponse(error, requestId);
}
