/** E-mail addresses and their domains, in the one spelling we store. */
import * as z from "zod";

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** A host name with a dot: `acme.com`. */
export const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    "must be a domain like acme.com",
  );
