/** How OpenTelemetry's own variables are written (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables). */
import * as z from "zod";

/** `name=value,name=value`, values percent-encoded, as in W3C Baggage. */
export const OtlpHeaders = z
  .string()
  .trim()
  .min(1)
  .transform((value, ctx) => {
    const headers: Record<string, string> = {};
    for (const entry of value.split(",")) {
      const [, name = "", text = ""] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(entry) ?? [];
      try {
        headers[name.toLowerCase()] = decodeURIComponent(text);
      } catch {
        ctx.addIssue({ code: "custom", message: `the value of ${name} is not percent-encoded` });
      }
      if (name === "") ctx.addIssue({ code: "custom", message: "each entry must read name=value" });
    }
    return headers;
  });
