/** E-mail through Cloudflare's `send_email` binding. */
import { AppError } from "../../errors.ts";
import type { Email } from "./port.ts";

/** @param from an address of a domain that Cloudflare sends for */
export function cloudflareEmail(binding: SendEmail, from: { name: string; email: string }): Email {
  return {
    mode: "cloudflare",
    async send({ to, subject, text }) {
      try {
        await binding.send({ from, to, subject, text });
      } catch (cause) {
        throw new AppError("email_unavailable", { cause });
      }
    },
  };
}
