import { expect, test } from "vitest";
import { apiFiles } from "../../src/dev/api-files.ts";

type Pair = { key: string; value: string; disabled?: boolean };
type Request = {
  method: string;
  auth?: { type: string };
  url: { raw: string; path: string[]; query?: Pair[]; variable?: Pair[] };
  body?: { mode: string; raw?: string };
};

const files = apiFiles();
const { paths } = JSON.parse(files["docs/openapi.json"]!);
const collection = JSON.parse(files["docs/kalamna.postman_collection.json"]!);
const requests: Request[] = collection.item.flatMap((folder: any) =>
  folder.item.map(({ request }: any) => request),
);

/** `POST /api/v1/documents/{id}`, as the description has it. */
const nameOf = ({ method, url }: Request) =>
  `${method} /${url.path.map((part) => part.replace(/^:(\w+)$/, "{$1}")).join("/")}`;

const operationOf = (request: Request) => {
  const [, path] = nameOf(request).split(" ");
  return paths[path!]?.[request.method.toLowerCase()];
};

test("the collection asks for every operation of the description once, and for nothing else", () => {
  const operations = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(requests.map(nameOf).sort()).toEqual(operations.sort());
});

test("every parameter is in its request, filled in where it is required", () => {
  for (const request of requests) {
    const { parameters = [] } = operationOf(request);
    for (const { name, in: place, required } of parameters) {
      if (place === "header") continue;
      const found = (place === "path" ? request.url.variable : request.url.query)?.find(
        ({ key }) => key === name,
      );
      expect(found, `${nameOf(request)}: ${name}`).toBeDefined();
      if (required)
        expect(found, `${nameOf(request)}: ${name}`).toMatchObject({ value: expect.stringMatching(/./) });
    }
  }
});

test("bodies are the description's examples, which test/http/openapi.test.ts sends", () => {
  const shown = requests.filter((request) => request.body?.mode === "raw");
  for (const request of shown) {
    const [kind] = Object.values<any>(operationOf(request).requestBody.content).filter(
      ({ example }) => example,
    );
    const sent = request.body?.raw ?? "";
    expect(typeof kind?.example === "string" ? sent : JSON.parse(sent), nameOf(request)).toEqual(
      kind?.example ?? {},
    );
  }
  expect(shown.length).toBeGreaterThan(40);
});

test("only what needs no credentials is sent without them", () => {
  for (const request of requests)
    expect(request.auth?.type === "noauth", nameOf(request)).toBe(operationOf(request).security.length === 0);
});
