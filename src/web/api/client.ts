/** A client of the API whose paths, bodies and answers the compiler checks. */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

/** What the API calls things: `Schemas["Document"]`. */
export type Schemas = components["schemas"];

/** `client.GET("/api/v1/documents", { params })` gives `{ data, error, response }`; `error` is a problem document. Tables and streams come with `parseAs`. */
export type Kalamna = Client<paths, "application/json" | "application/problem+json">;

export type KalamnaOptions = {
  /** Where Kalamna is; the page's own origin when absent. */
  baseUrl?: string;
  /** Asked before each request, so that a renewed token counts at once. */
  token?: () => string | undefined | Promise<string | undefined>;
  /** In place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
};

/**
 * @example
 * const api = kalamna({ token: () => session.token });
 * const { data, error } = await api.POST("/api/v1/query/sync", { body: { query: "How long can I return shoes?" } });
 */
export function kalamna({ baseUrl = "/", token, fetch }: KalamnaOptions = {}): Kalamna {
  const client = createClient<paths, "application/json" | "application/problem+json">({
    baseUrl,
    ...(fetch ? { fetch } : {}),
  });
  client.use({
    async onRequest({ request }) {
      const bearer = await token?.();
      if (bearer !== undefined) request.headers.set("authorization", `Bearer ${bearer}`);
      return request;
    },
  });
  return client;
}
