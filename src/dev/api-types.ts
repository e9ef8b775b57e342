/** TypeScript types of the API, from its OpenAPI document, as openapi-fetch reads them. */
import type { OpenApi } from "../http/openapi/document.ts";
import type { JsonSchema } from "../http/openapi/json-schema.ts";

type Parameter = { name: string; in: string; required: boolean; description?: string; schema: JsonSchema };
type Content = Record<string, { schema: JsonSchema }>;
type Operation = {
  operationId: string;
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { $ref?: string; content?: Content }>;
};

/** The whole file. */
export function typesOf(document: OpenApi): string {
  const { schemas, responses } = document.components as {
    schemas: Record<string, JsonSchema>;
    responses: Operation["responses"];
  };
  const paths = Object.entries(document.paths).map(([path, methods]) => {
    const operations = Object.entries(methods as unknown as Record<string, Operation>);
    return member(
      path,
      braced(
        operations.map(([method, { operationId, summary }]) =>
          member(method, `operations[${text(operationId)}]`, { note: summary }),
        ),
      ),
    );
  });
  const operations = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods) as unknown as Operation[])
    .map((operation) => member(operation.operationId, operationType(operation), { note: operation.summary }));
  const named = Object.entries(schemas).map(([name, schema]) => member(name, typeOf(schema), noteOf(schema)));
  const answers = Object.entries(responses).map(([name, response]) => member(name, responseType(response)));
  return `/** The API as TypeScript types. Written by \`npm run docs\` from the OpenAPI document; a test compares. */

export interface paths ${braced(paths)}

export interface operations ${braced(operations)}

export interface components ${braced([member("schemas", braced(named)), member("responses", braced(answers))])}
`;
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const places = ["query", "header", "path"].map((place) => {
    const given = parameters.filter((one) => one.in === place);
    const members = given.map(({ name, required, schema, description }) =>
      member(name, typeOf(schema), { optional: !required, note: description }),
    );
    return member(place, members.length > 0 ? braced(members) : "never", {
      optional: !given.some(({ required }) => required),
    });
  });
  const answers = Object.entries(responses).map(([status, response]) =>
    member(
      status,
      response.$ref
        ? `components["responses"][${text(response.$ref.split("/").at(-1) ?? "")}]`
        : responseType(response),
    ),
  );
  return braced([
    member("parameters", braced([...places, "cookie?: never;"])),
    member(
      "requestBody",
      requestBody ? braced([member("content", contentType(requestBody.content))]) : "never",
      {
        optional: !requestBody?.required,
      },
    ),
    member("responses", braced(answers)),
  ]);
}

const responseType = ({ content = {} }: { content?: Content }): string =>
  braced([member("headers", "Record<string, unknown>"), member("content", contentType(content))]);

/** A form is a FormData, which fetch sends as it is. */
const contentType = (content: Content): string =>
  braced(
    Object.entries(content).map(([type, { schema }]) =>
      member(type, type === "multipart/form-data" ? "FormData" : typeOf(schema)),
    ),
  );

function typeOf(schema: JsonSchema): string {
  const {
    $ref,
    const: constant,
    enum: values,
    anyOf,
    oneOf,
    allOf,
    type,
  } = schema as {
    $ref?: string;
    const?: unknown;
    enum?: unknown[];
    anyOf?: JsonSchema[];
    oneOf?: JsonSchema[];
    allOf?: JsonSchema[];
    type?: string | string[];
  };
  if ($ref) return `components["schemas"][${text($ref.split("/").at(-1) ?? "")}]`;
  if (constant !== undefined) return JSON.stringify(constant);
  if (values) return union(values.map((value) => JSON.stringify(value)));
  const either = anyOf ?? oneOf;
  if (either) return union(either.map(typeOf));
  if (allOf) return allOf.map((part) => `(${typeOf(part)})`).join(" & ");
  if (Array.isArray(type)) return union(type.map((one) => typeOf({ ...schema, type: one })));
  switch (type) {
    case "string":
      return schema.format === "binary" ? "Blob" : "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
    case "null":
      return type;
    case "array":
      return `${grouped(typeOf((schema.items ?? {}) as JsonSchema))}[]`;
    case "object":
      return objectType(schema);
    default:
      return "unknown";
  }
}

function objectType(schema: JsonSchema): string {
  const {
    properties,
    required = [],
    additionalProperties,
  } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
    additionalProperties?: JsonSchema | boolean;
  };
  const rest = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
  if (!properties) return `Record<string, ${rest}>`;
  return braced([
    ...Object.entries(properties).map(([name, property]) =>
      member(name, typeOf(property), { optional: !required.includes(name), ...noteOf(property) }),
    ),
    ...(typeof additionalProperties === "object" ? [`[more: string]: ${rest};`] : []),
  ]);
}

type Note = { optional?: boolean; note?: string | undefined };

const noteOf = ({ description }: JsonSchema): Note =>
  typeof description === "string" ? { note: description } : {};

function member(name: string, type: string, { optional = false, note }: Note = {}): string {
  const key = /^[\w$]+$/.test(name) ? name : text(name);
  return `${note === undefined ? "" : `/** ${note.replaceAll("*/", "*\\/")} */\n`}${key}${optional ? "?" : ""}: ${type};`;
}

const text = (value: string): string => JSON.stringify(value);
const union = (types: readonly string[]): string => [...new Set(types)].join(" | ");
const grouped = (type: string): string => (/[|&]/.test(type) ? `(${type})` : type);
const braced = (members: readonly string[]): string =>
  members.length === 0 ? "{}" : `{\n${members.map(indented).join("\n")}\n}`;
const indented = (lines: string): string => lines.replaceAll(/^(?=.)/gm, "  ");
