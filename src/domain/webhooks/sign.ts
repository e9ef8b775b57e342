/** Signs a message as Standard Webhooks 1.0 says, so that its receiver can check that it is ours, whole and recent. */
import { createHmac, randomBytes } from "node:crypto";

/** The standard asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** `whsec_<base64>`. */
export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;

/** The id a receiver sees: of one delivery, the same at every attempt and replay. */
export const messageId = (deliveryId: string): string => `msg_${deliveryId.replaceAll("-", "")}`;

/**
 * @param secrets as {@link newSecret} makes them; one signature each, for a receiver that knows only one of them
 * @param at seconds are what is signed; receivers refuse what is older than minutes, so every attempt signs anew
 */
export function signedHeaders(
  secrets: readonly string[],
  id: string,
  at: Date,
  body: string,
): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  };
}
