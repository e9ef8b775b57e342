/** JSON-RPC 2.0 as MCP uses it: one message a request, no batches. */
import * as z from "zod";

/** https://www.jsonrpc.org/specification#error_object, and MCP's own below -32000. */
export const RPC = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  internal: -32_603,
  /** What there is no resource for, before 2026-07-28. */
  resource: -32_002,
  header: -32_020,
  version: -32_022,
} as const;

/** A failure of the protocol, which its sender must mend; what a tool fails with is the tool's result. */
export class RpcError extends Error {
  readonly code: number;
  readonly status: 200 | 400 | 404;
  readonly data: object | undefined;

  constructor(code: number, message: string, status: 200 | 400 | 404 = 400, data?: object) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

const Id = z.union([z.string(), z.number()]);
export type Id = z.infer<typeof Id>;

const Params = z.record(z.string(), z.unknown());
export type Params = z.infer<typeof Params>;

const Call = z.object({
  jsonrpc: z.literal("2.0"),
  id: Id.optional(),
  method: z.string().min(1).max(200),
  params: Params.optional(),
});
const Reply = z
  .object({ jsonrpc: z.literal("2.0"), id: Id })
  .and(z.union([z.object({ result: Params }), z.object({ error: Params })]));

export type Request = { id: Id; method: string; params: Params };

/**
 * @returns null for what wants no answer: notifications, and replies to questions that we never ask
 * @throws RpcError
 */
export function readMessage(text: string): Request | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new RpcError(RPC.parse, "The body is not JSON.");
  }
  const call = Call.safeParse(message);
  if (call.success) {
    const { id, method, params = {} } = call.data;
    return id === undefined ? null : { id, method, params };
  }
  if (Reply.safeParse(message).success) return null;
  throw new RpcError(RPC.request, "Send one JSON-RPC 2.0 message: `jsonrpc`, `method`, `id`, `params`.");
}

/** The error object with the id of what it answers, where that is known. */
export const errorReply = (id: Id | undefined, { code, message, data }: RpcError) => ({
  jsonrpc: "2.0",
  ...(id === undefined ? {} : { id }),
  error: { code, message, ...(data ? { data } : {}) },
});
