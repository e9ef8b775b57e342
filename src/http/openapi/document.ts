/** The OpenAPI 3.1 document: routes, permissions and schemas as the app has them, with words from the entries. */

import * as z from "zod";
import type { Runtime } from "../../runtime.ts";
import { createApp } from "../app.ts";
import { type Answer, type Entry, type Group, NOTHING, type Raw, type RequestBody } from "./entry.ts";
import { INTRODUCTION } from "./introduction.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import { failureKindOf, failureResponse, problemsOf } from "./problems.ts";
import { type Route, routesOf } from "./routes.ts";
import { SCHEMES, securityOf, whoMay } from "./security.ts";

export type OpenApi = JsonSchema & { paths: Record<string, Record<string, JsonSchema>> };

/** Routes that are no part of the API: pages, and what exists on a developer's machine only. */
const NO_API = /^\/(dev|docs|openapi\.json)?(\/|$)|^\/widget\.js$/;

/** The app's routes that belong into the reference; building the app asks nothing of what it is given to run with. */
export const apiRoutes = (): Route[] =>
  routesOf(createApp({} as Runtime)).filter(({ path }) => !NO_API.test(path));

/** @throws Error for a route without an entry */
export function openApi(groups: readonly Group[], version: string): OpenApi {
  const schemas: Record<string, JsonSchema> = {};
  const paths: OpenApi["paths"] = {};
  const responses: Record<string, JsonSchema> = {};
  const known = new Map(
    groups.flatMap(({ name: tag, entries }) =>
      Object.entries(entries).map(([name, entry]) => [name, { tag, entry }] as const),
    ),
  );
  const silent: string[] = [];
  for (const route of apiRoutes()) {
    const said = known.get(route.name);
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    if (said) paths[path][route.method.toLowerCase()] = operation(route, said, { schemas, responses });
    else silent.push(route.name);
  }
  if (silent.length > 0) throw new Error(`No entry in src/http/openapi/groups: ${silent.join(", ")}`);
  return {
    openapi: "3.1.1",
    info: {
      title: "Kalamna",
      version,
      description: INTRODUCTION,
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "Where this page comes from." }],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      securitySchemes: SCHEMES,
      headers: HEADERS,
      responses: sorted(responses),
      schemas: sorted(schemas),
    },
  };
}

function operation(
  route: Route,
  { tag, entry }: { tag: string; entry: Entry },
  { schemas, responses }: Record<"schemas" | "responses", Record<string, JsonSchema>>,
): JsonSchema {
  const answers = Object.entries(entry.answers).map(([status, answer]) => [
    status,
    answerOf(Number(status), answer, schemas),
  ]);
  const kind = failureKindOf(route.path);
  const problems = [...problemsOf(route, entry)]
    .filter(([status]) => !(status in entry.answers))
    .map(([status, codes]) => [
      status,
      shared(responses, [kind, ...codes].join("-"), failureResponse(kind, status, codes, schemas)),
    ]);
  const parameters = parametersOf(route, entry, schemas);
  const body = bodyOf(route, entry, schemas);
  return {
    operationId: entry.id,
    tags: [tag],
    summary: entry.summary,
    description: [entry.description, whoMay(route.action)].filter(Boolean).join("\n\n"),
    security: securityOf(route.action),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: Object.fromEntries([...answers, ...problems]),
  };
}

function parametersOf(route: Route, entry: Entry, schemas: Record<string, JsonSchema>): JsonSchema[] {
  const of = (place: "path" | "query", part: "param" | "query") => {
    const { properties = {}, required = [] } = jsonSchema(
      route.schemas[part] ?? z.object({}),
      "input",
      schemas,
    ) as { properties?: Record<string, JsonSchema>; required?: string[] };
    const names = place === "path" ? namesIn(route.path) : Object.keys(properties);
    return names.map((name) => {
      const { description, ...schema } = properties[name] ?? { type: "string" };
      const example = entry.example?.[place]?.[name];
      return {
        name,
        in: place,
        required: place === "path" || required.includes(name),
        ...(description === undefined ? {} : { description }),
        schema,
        ...(example === undefined ? {} : { example }),
      };
    });
  };
  const headers = Object.entries(entry.headers ?? {}).map(([name, description]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  }));
  return [...of("path", "param"), ...of("query", "query"), ...headers];
}

const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);

function bodyOf(
  { schemas: { json } }: Route,
  { bodies = [], example, summary }: Entry,
  schemas: Record<string, JsonSchema>,
): JsonSchema | undefined {
  const all: RequestBody[] = [...(json ? [{ type: "application/json", schema: json }] : []), ...bodies];
  if (all.length === 0) return undefined;
  const types = Map.groupBy(all, ({ type }) => type);
  const content = [...types].map(([type, forms]) => {
    const made = forms.map(({ schema, lines }) => {
      const shape = jsonSchema(schema, "input", schemas);
      return lines ? many(type, shape) : shape;
    });
    const schema = made.length === 1 ? made[0] : { anyOf: made };
    const shown = example?.body !== undefined && (example.type ?? "application/json") === type;
    return [type, { schema, ...(shown ? { example: example.body } : {}) }];
  });
  const optional = json?.safeParse({}).success === true && bodies.length === 0;
  return { description: `${summary}.`, required: !optional, content: Object.fromEntries(content) };
}

/** Text that holds one value after the other: lines, or events. */
const many = (type: string, each: JsonSchema): JsonSchema => ({
  type: "string",
  contentMediaType: type,
  contentSchema: { type: "array", items: each },
});

/** Kept once under `components`, whoever answers with it. */
function shared(responses: Record<string, JsonSchema>, name: string, response: JsonSchema): JsonSchema {
  responses[name] ??= response;
  return { $ref: `#/components/responses/${name}` };
}

const isRaw = (answer: Answer): answer is Raw =>
  "description" in answer && "type" in answer && !("_zod" in answer);

function answerOf(
  status: number,
  answers: Answer | Answer[],
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const content = [answers]
    .flat()
    .filter((answer) => answer !== NOTHING)
    .map((answer) => {
      if (!isRaw(answer)) return ["application/json", { schema: jsonSchema(answer, "output", schemas) }];
      const schema = answer.each
        ? many(answer.type, jsonSchema(answer.each, "output", schemas))
        : { type: "string" };
      return [answer.type, { schema: { ...schema, description: answer.description } }];
    });
  return {
    description: STATUS[status] ?? "Done.",
    headers: {
      "x-request-id": { $ref: "#/components/headers/RequestId" },
      ...(status === 202 ? { location: { $ref: "#/components/headers/Location" } } : {}),
    },
    ...(content.length > 0 ? { content: Object.fromEntries(content) } : {}),
  };
}

const STATUS: Record<number, string> = {
  200: "Done.",
  201: "Made.",
  202: "Accepted: it goes on in the background.",
  204: "There is nothing.",
  503: "Not ready.",
};

const HEADERS = {
  RequestId: { description: "Names this request in our logs.", schema: { type: "string" } },
  RetryAfter: { description: "Seconds after which to try again.", schema: { type: "integer" } },
  Location: {
    description: "Where to see how it goes, when there is such a place.",
    schema: { type: "string" },
  },
};

const sorted = <T>(values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
