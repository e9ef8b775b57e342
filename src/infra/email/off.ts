/** No e-mail is configured: whoever needs it is told so. */
import { AppError } from "../../errors.ts";
import type { Email } from "./port.ts";

export function noEmail(): Email {
  return {
    mode: "off",
    send: () =>
      Promise.reject(
        new AppError("email_unavailable", {
          detail: "This installation cannot send e-mail: see EMAIL_FROM.",
        }),
      ),
  };
}
