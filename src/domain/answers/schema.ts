/** JSON Schemas that callers send: what we accept of them, and whether a value fits one. */
import { type Schema, Validator } from "@cfworker/json-schema";

/** Characters of the schema as JSON. */
const LARGEST = 16_000;
const DEEPEST = 16;
/** Subschemas, each reference counted as what it refers to: what checking one value may cost. */
const MOST = 2_000;
const LONGEST_PATTERN = 200;
const DRAFT = "2020-12";
/** Keywords whose values are schemas, lists of them, or named ones. */
const NESTED = [
  "properties",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "items",
  "prefixItems",
  "contains",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "dependentSchemas",
  "unevaluatedItems",
  "unevaluatedProperties",
];
/** Other ways to refer, what the validator keeps for itself, and keywords of older drafts that hold schemas. */
const UNSUPPORTED = /^(?:\$(?!ref$|defs$|schema$|comment$)|__|dependencies$|additionalItems$)/;
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas"]);

type Json = Record<string, unknown>;

/**
 * What keeps a schema from being used, or null. It must be bounded, refer only to its own definitions and never to
 * itself, and its patterns must be simple, so that checking a reply takes no longer than reading it some times over.
 */
export function schemaFault(schema: Json): string | null {
  if (JSON.stringify(schema).length > LARGEST) return `may have at most ${LARGEST} characters`;
  try {
    count(schema, schema, 0, []);
    fits({}, schema);
    return null;
  } catch (thrown) {
    return thrown instanceof Refused ? thrown.message : "is not a JSON Schema";
  }
}

/**
 * Where the value does not fit, in a few lines for the model and the caller; empty when it fits.
 * @param schema one that {@link schemaFault} accepts
 */
export function fits(value: unknown, schema: Json): string[] {
  const { valid, errors } = new Validator(structuredClone(schema) as Schema, DRAFT, false).validate(value);
  if (valid) return [];
  const told = errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`.slice(0, 300));
  // The innermost come last and say most.
  return [...new Set(told.reverse())].slice(0, 5);
}

class Refused extends Error {}

/** @returns subschemas, references resolved */
function count(schema: unknown, root: Json, depth: number, within: readonly unknown[]): number {
  if (typeof schema === "boolean") return 1;
  if (!isObject(schema)) throw new Refused("is not a JSON Schema: an object or a boolean was expected");
  if (within.includes(schema)) throw new Refused("$ref may not lead back to where it stands");
  if (depth > DEEPEST) throw new Refused(`may be at most ${DEEPEST} levels deep`);
  const inside = [...within, schema];
  const next = (one: unknown) => count(one, root, depth + 1, inside);
  let total = 1;
  const foreign = Object.keys(schema).find((key) => UNSUPPORTED.test(key));
  if (foreign !== undefined) throw new Refused(`${foreign.slice(0, 60)} is not supported`);
  if ("$ref" in schema) total += next(resolve(schema.$ref, root));
  if ("pattern" in schema) demandSimple(schema.pattern);
  for (const keyword of NESTED) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (keyword === "patternProperties" && isObject(value)) Object.keys(value).forEach(demandSimple);
    const parts = Array.isArray(value)
      ? value
      : NAMED.has(keyword) && isObject(value)
        ? Object.values(value)
        : [value];
    for (const part of parts) total += next(part);
    if (total > MOST)
      throw new Refused(`may have at most ${MOST} parts, each reference counted as what it refers to`);
  }
  return total;
}

function resolve(ref: unknown, root: Json): unknown {
  const [, kind = "", name = ""] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(String(ref)) ?? [];
  const definitions = root[kind];
  const found = isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (found === undefined)
    throw new Refused(`$ref must name a definition of this schema, as in "#/$defs/name"`);
  return found;
}

/** No group is repeated, and what may be repeated without end stands at the beginning, or once. */
function demandSimple(pattern: unknown): void {
  const text = String(pattern);
  const plain = text.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  const endless = plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  const repeatsGroup = /\)(?:[*+]|\{)/.test(plain) || /\\[1-9k]/.test(text) || /\(\?[=!<]/.test(plain);
  const isShort = text.length <= LONGEST_PATTERN && endless <= (text.startsWith("^") ? 2 : 1);
  if (!isShort || repeatsGroup || /\{\d{4,}/.test(plain))
    throw new Refused(`the pattern ${JSON.stringify(text.slice(0, 60))} is too complicated`);
  try {
    new RegExp(text, "u");
  } catch {
    throw new Refused(`${JSON.stringify(text.slice(0, 60))} is not a regular expression`);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
