/** Every address that a browser navigates to and nothing else answers is the console's: it has routes of its own. */
import type { Context } from "hono";
import type { Runtime } from "../runtime.ts";
import type { HttpEnv } from "./types.ts";

/** Addresses of software: a browser that goes there should see what software sees. */
const FOR_SOFTWARE = /^\/(api|v1|mcp|dev|health|retrieval|\.well-known)(\/|$)/;

/** The console's page, or null when this is no navigation or there is no console here. */
export async function consolePage(c: Context<HttpEnv>, { pages }: Runtime): Promise<Response | null> {
  const { method, path } = c.req;
  const navigates = method === "GET" && c.req.header("accept")?.includes("text/html") === true;
  // A name with an ending is a file that is not there.
  if (!pages || !navigates || FOR_SOFTWARE.test(path) || /\.[a-z0-9]+$/i.test(path)) return null;
  const page = await pages(new URL("/", c.req.url));
  return page.ok ? new Response(page.body, page) : null;
}
