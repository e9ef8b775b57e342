/** Where a web page comes from, as browsers write it in the `Origin` header. */
import * as z from "zod";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** One exact origin: scheme, host and port, no path, no wildcard; stored as browsers write it. */
export const Origin = z
  .string()
  .trim()
  .max(255)
  .transform((value, ctx) => {
    const url = URL.canParse(value) && !value.includes("*") ? new URL(value) : undefined;
    const bare = url && value.replace(/\/$/, "").toLowerCase() === url.origin;
    if (bare && /^https?:$/.test(url.protocol)) return url.origin;
    ctx.addIssue({ code: "custom", message: "must read like https://www.example.com" });
    return z.NEVER;
  });

/** Plain http only on this machine, where the page's author tries things. */
export const SecureOrigin = Origin.refine(
  (origin) => origin.startsWith("https:") || LOOPBACK.test(new URL(origin).hostname),
  "must begin with https:, or be on this machine",
);
