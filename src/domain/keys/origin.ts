/** Where a web page comes from, as browsers write it in the `Origin` header. */
import * as z from "zod";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * One exact origin: scheme, host and port, no path, no wildcard. Plain http only on this machine, where the page's
 * author tries things.
 */
export const Origin = z
  .string()
  .trim()
  .max(255)
  .transform((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const bare = url && !value.includes("*") && value.replace(/\/$/, "").toLowerCase() === url.origin;
    if (
      url &&
      bare &&
      (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname)))
    )
      return url.origin;
    ctx.addIssue({ code: "custom", message: "must read like https://www.example.com" });
    return z.NEVER;
  });
