/** What the gateway answers: results and errors in the shapes the Neon driver reads. */
import pg from "pg";

export type Answer = { status: number; headers?: Record<string, string>; body: string };

/** A request the gateway refuses itself. */
export class ProtocolError extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, message: string, code?: string) {
    super(message);
    this.name = "ProtocolError";
    this.status = status;
    this.code = code;
  }
}

/** Fields of a Postgres error, as the protocol and as `pg` name them. */
const FIELDS = [
  "severity",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const satisfies readonly (keyof pg.DatabaseError)[];

/** Any failure as an answer: 400 for what Postgres says, 500 when it could not be reached. */
export function failure(thrown: unknown): Answer {
  const database = thrown instanceof pg.DatabaseError ? thrown : undefined;
  const refused = thrown instanceof ProtocolError ? thrown : undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const body = {
    message: message || "The database cannot be reached",
    code: database?.code ?? refused?.code ?? null,
    ...Object.fromEntries(FIELDS.map((field) => [field, database?.[field] ?? null])),
  };
  return { status: refused?.status ?? (database ? 400 : 500), body: JSON.stringify(body) };
}

type Parse = (text: string) => unknown;

const asFloat: Parse = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
const asJson: Parse = (text) => JSON.parse(text);
const asBoolean: Parse = (text) => text === "t";

/** Types that become JSON values when the caller did not ask for raw text, by OID; their arrays are in ARRAYS. */
const SCALARS = new Map<number, Parse>([
  [16, asBoolean],
  [21, Number],
  [23, Number],
  [114, asJson],
  [700, asFloat],
  [701, asFloat],
  [3802, asJson],
]);

/** OID of an array type → OID of its elements. */
const ARRAYS = new Map([
  [199, 114],
  [1000, 16],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [2951, 2950],
  [3807, 3802],
]);

type Nested = string | null | Nested[];

/** `pg` parses text[] into nested arrays of strings; the elements are ours to convert. */
const parseTextArray = pg.types.getTypeParser(1009 as number) as (text: string) => Nested;

function convert(value: Nested, parse: Parse): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, parse));
  return value === null ? null : parse(value);
}

/** How a cell of type `oid` becomes JSON. */
export function jsonParser(oid: number): Parse {
  const elementOid = ARRAYS.get(oid);
  if (elementOid === undefined) return SCALARS.get(oid) ?? String;
  const parse = SCALARS.get(elementOid) ?? String;
  return (text) => convert(parseTextArray(text), parse);
}
