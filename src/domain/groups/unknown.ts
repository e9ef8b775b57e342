/** Somebody named a group that the organization does not have. */
import type { AppError } from "../../errors.ts";
import { invalidField } from "../invalid-fields.ts";

/** @returns AppError `invalid_request` that names the field `groups` */
export const unknownGroup = (cause?: unknown): AppError =>
  invalidField("groups", "one of these groups does not exist", cause);
