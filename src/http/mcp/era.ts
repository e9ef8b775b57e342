/**
 * Which MCP a request speaks. Up to 2025-11-25 a client begins with `initialize`; since 2026-07-28 every request says by
 * itself who sends it (`params._meta`), and repeats in headers what proxies want to know.
 */
import * as z from "zod";
import { type Request, RPC, RpcError } from "./rpc.ts";

export const MODERN = "2026-07-28";
/** Newest first. */
export const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;
export const SUPPORTED: readonly string[] = [MODERN, ...LEGACY];

export type Era = "modern" | "legacy";

const VERSION = "io.modelcontextprotocol/protocolVersion";
const Meta = z.object({
  [VERSION]: z.string(),
  "io.modelcontextprotocol/clientCapabilities": z.record(z.string(), z.unknown()),
});
const Versioned = z.object({ [VERSION]: z.string() });

/** Whose name the header `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/** Value of a header, by its lower-case name. */
export type Header = (name: string) => string | undefined;

/** @throws RpcError for a version we do not speak, and for headers that say something else than the message */
export function eraOf(header: Header, { method, params }: Request): Era {
  const named = header("mcp-protocol-version")?.trim();
  const said = Versioned.safeParse(params._meta).data?.[VERSION];
  if (said === undefined) {
    if (named === undefined || isLegacy(named)) return "legacy";
    if (named !== MODERN) throw unsupported(named);
  } else if (said !== named) {
    throw mismatch("MCP-Protocol-Version", named, said);
  } else if (isLegacy(said)) {
    return "legacy";
  } else if (said !== MODERN) {
    throw unsupported(said);
  }
  const meta = Meta.safeParse(params._meta);
  if (!meta.success) {
    const [wrong] = meta.error.issues;
    const path = ["params", "_meta", ...(wrong?.path ?? [])].join(".");
    throw new RpcError(RPC.params, `${path}: ${wrong?.message ?? "is missing"}.`);
  }
  compare(header, { method, params });
  return "modern";
}

const isLegacy = (version: string) => LEGACY.some((known) => known === version);

function compare(header: Header, { method, params }: Pick<Request, "method" | "params">): void {
  const named = header("mcp-method")?.trim();
  if (named !== method) throw mismatch("Mcp-Method", named, method);
  const field = NAMED[method];
  const name = field === undefined ? undefined : params[field];
  if (typeof name !== "string") return;
  const told = decoded(header("mcp-name")?.trim());
  if (told !== name) throw mismatch("Mcp-Name", told, name);
}

/** `=?base64?…?=` holds what a header cannot, in UTF-8; everything else stands for itself. */
function decoded(value: string | undefined): string | undefined {
  const [, coded] = /^=\?base64\?(.*)\?=$/.exec(value ?? "") ?? [];
  if (coded === undefined) return value;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(coded), (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

const unsupported = (requested: string) =>
  new RpcError(RPC.version, "This protocol version is not spoken here.", 400, {
    supported: SUPPORTED,
    requested,
  });

const mismatch = (name: string, header: string | undefined, body: string) =>
  new RpcError(
    RPC.header,
    header === undefined
      ? `The header ${name} is missing; the body says "${body.slice(0, 200)}".`
      : `The header ${name} says "${header.slice(0, 200)}", the body "${body.slice(0, 200)}".`,
  );
