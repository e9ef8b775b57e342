/** What went wrong, in a word that says nothing of what it was about. */
import { AppError } from "../../errors.ts";

export function codeOf(thrown: unknown): string {
  if (thrown instanceof AppError) return thrown.code;
  return thrown instanceof Error ? thrown.name : "unknown";
}
