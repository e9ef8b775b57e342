/** What kind of failure a provider's error says it is. */
import { AppError } from "../../errors.ts";
import type { Fault } from "../../infra/openai/port.ts";

/** `cut` for whatever does not say. */
export const faultOf = (thrown: unknown): Fault =>
  thrown instanceof AppError && "fault" in thrown ? (thrown.fault as Fault) : "cut";
