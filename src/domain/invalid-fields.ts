/** What no schema says about a request, told as a schema would. */
import { AppError } from "../errors.ts";

/** @returns AppError `invalid_request` with the path of every bad field */
export function invalidFields(
  errors: readonly { path: string; message: string }[],
  cause?: unknown,
): AppError {
  const first = errors[0];
  const detail = first ? `${first.path || "body"}: ${first.message}` : "The request is not valid";
  return new AppError("invalid_request", { detail, extra: { errors }, cause });
}

/** @returns AppError `invalid_request` that names one field */
export const invalidField = (path: string, message: string, cause?: unknown): AppError =>
  invalidFields([{ path, message }], cause);
