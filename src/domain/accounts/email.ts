/** E-mail addresses, in the one spelling we store. */
import * as z from "zod";

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
