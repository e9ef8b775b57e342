/** Somebody named a group that the organization does not have. */
import { AppError } from "../../errors.ts";

/** @returns AppError `invalid_request` that names the field `groups` */
export function unknownGroup(cause?: unknown): AppError {
  const message = "one of these groups does not exist";
  return new AppError("invalid_request", {
    detail: `groups: ${message}.`,
    extra: { errors: [{ path: "groups", message }] },
    cause,
  });
}
