/** The API's description as a Postman collection, which Bruno, Insomnia and Hoppscotch read, too (format 2.1.0). */
import type { OpenApi } from "../http/openapi/document.ts";

type Schema = { properties?: Record<string, { format?: string }>; required?: string[] };
type Parameter = {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  example?: string | number;
};
type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
};

/** Keeps the token of a sign-in as the collection's, so that the next request has it. */
const KEEP_TOKEN = [
  "const { token } = pm.response.json();",
  'if (token) pm.collectionVariables.set("token", token);',
];
const SIGN_IN = ["login", "register"];

/** https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html */
export function collectionOf({ info, tags, paths }: OpenApi): object {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  );
  return {
    info: {
      name: (info as { title: string }).title,
      description: `${(info as { description: string }).description}
Set \`base_url\` to where it runs and \`token\` to an API key, or sign in: **Account › Sign in** sets \`token\`.`,
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] },
    variable: [
      { key: "base_url", value: "http://127.0.0.1:8787" },
      { key: "token", value: "" },
    ],
    item: (tags as { name: string; description: string }[]).map(({ name, description }) => ({
      name,
      description,
      item: operations
        .filter(({ operation }) => operation.tags[0] === name)
        .map(({ path, method, operation }) => item(path, method, operation)),
    })),
  };
}

function item(path: string, method: string, operation: Operation): object {
  const body = bodyOf(operation);
  return {
    name: operation.summary,
    ...(SIGN_IN.includes(operation.operationId)
      ? { event: [{ listen: "test", script: { type: "text/javascript", exec: KEEP_TOKEN } }] }
      : {}),
    request: {
      method: method.toUpperCase(),
      description: operation.description,
      ...(operation.security.length === 0 ? { auth: { type: "noauth" } } : {}),
      header: headersOf(operation, body?.type),
      url: urlOf(path, operation.parameters ?? []),
      ...(body ? { body: body.body } : {}),
    },
  };
}

/** Parameters in the query are there with what the example gives them; the others wait, switched off. */
function urlOf(path: string, parameters: Parameter[]): object {
  const of = (place: string) => parameters.filter((one) => one.in === place);
  const query = of("query").map(({ name, example, description, required }) => ({
    key: name,
    value: String(example ?? ""),
    ...(description ? { description } : {}),
    ...(example === undefined && !required ? { disabled: true } : {}),
  }));
  const shown = query.filter((one) => !("disabled" in one)).map(({ key, value }) => `${key}=${value}`);
  const segments = path.slice(1).replaceAll(/\{(\w+)\}/g, ":$1");
  return {
    raw: `{{base_url}}/${segments}${shown.length > 0 ? `?${shown.join("&")}` : ""}`,
    host: ["{{base_url}}"],
    path: segments.split("/"),
    ...(query.length > 0 ? { query } : {}),
    ...(of("path").length > 0
      ? { variable: of("path").map(({ name, example }) => ({ key: name, value: String(example ?? "") })) }
      : {}),
  };
}

function headersOf({ parameters = [] }: Operation, type: string | undefined): object[] {
  const optional = parameters
    .filter((one) => one.in === "header")
    .map(({ name, description = "" }) => ({ key: name, value: "", description, disabled: true }));
  // The boundary of a form is the client's to choose.
  const own = type && type !== "multipart/form-data" ? [{ key: "content-type", value: type }] : [];
  return [...own, ...optional];
}

/** Of several kinds the one that the example shows, else the first. */
function bodyOf({ requestBody }: Operation): { type: string; body: object } | undefined {
  const kinds = Object.entries(requestBody?.content ?? {});
  const [type, kind] = kinds.find(([, { example }]) => example !== undefined) ?? kinds[0] ?? [];
  if (!type || !kind) return undefined;
  const { example, schema } = kind;
  if (type === "multipart/form-data") return { type, body: { mode: "formdata", formdata: fieldsOf(schema) } };
  if (type === "application/x-www-form-urlencoded") {
    const pairs = Object.entries(example as Record<string, string>).map(([key, value]) => ({ key, value }));
    return { type, body: { mode: "urlencoded", urlencoded: pairs } };
  }
  const raw = typeof example === "string" ? example : JSON.stringify(example ?? {}, null, 2);
  const options = type.endsWith("json") ? { options: { raw: { language: "json" } } } : {};
  return { type, body: { mode: "raw", raw, ...options } };
}

const fieldsOf = ({ properties = {}, required = [] }: Schema): object[] =>
  Object.entries(properties).map(([key, { format }]) => ({
    key,
    ...(format === "binary" ? { type: "file", src: [] } : { type: "text", value: "" }),
    ...(required.includes(key) ? {} : { disabled: true }),
  }));
