/** Every example of the API reference is sent, and what comes back is what the reference says. */
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { apiRoutes } from "../../src/http/openapi/document.ts";
import { type Answer as Documented, type Entry, NOTHING, type Raw } from "../../src/http/openapi/entry.ts";
import { FAILURES, failureKindOf, problemsOf } from "../../src/http/openapi/problems.ts";
import type { Route } from "../../src/http/openapi/routes.ts";
import { GROUPS } from "../../src/http/openapi/table.ts";
import { type Answer, type CallOptions, call, type Person, register } from "../support/api.ts";
import { fill } from "../support/examples.ts";
import { type Superadmin, superadmin } from "../support/platform.ts";

type Case = { name: string; route: Route; entry: Entry };

const cases = apiRoutes().flatMap((route): Case[] => {
  const entry = GROUPS.map(({ entries }) => entries[route.name]).find((one) => one !== undefined);
  return entry ? [{ name: route.name, route, entry }] : [];
});

/** They end the session or the account of whoever does it, or need one without a past. */
const BY_SOMEBODY_NEW = [
  "logout",
  "logoutEverywhere",
  "endSession",
  "verifyEmail",
  "refresh",
  "forgotPassword",
  "resetPassword",
  "changePassword",
  "connectIdentityProvider",
  "getIdentityProvider",
  "disconnectIdentityProvider",
  "changeEmbeddingModel",
  "cancelEmbeddingChange",
];

let somebody: Person;
let root: Superadmin;
beforeAll(async () => {
  [somebody, root] = await Promise.all([register(), superadmin()]);
});
/** Something must be under way at that very moment: a refusal will do, and test/http has the rest. */
const NEEDS_A_MOMENT = ["stopChat"];
const tokenAt = ({ action }: Route): string => (action === "platform" ? root : somebody).token;

/** The example as a request, with real things in it. */
async function send({ route, entry }: Case): Promise<Answer> {
  const admin = BY_SOMEBODY_NEW.includes(entry.id) ? await register() : somebody;
  const {
    path = {},
    query = {},
    headers = {},
    body,
    type,
  } = JSON.parse(await fill(entry.id, JSON.stringify(entry.example ?? {}), admin)) as NonNullable<
    Entry["example"]
  >;
  const token = route.action === "platform" ? root.token : route.action && admin.token;
  const filled = route.path.replaceAll(/:(\w+)/g, (_, part: string) => path[part] ?? "");
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const address = search.size > 0 ? `${filled}?${search}` : filled;
  return call(route.method, address, {
    ...bodyOf(body, type),
    token,
    headers: { ...headersOf(type), ...headers },
  });
}

const headersOf = (type: string | undefined): Record<string, string> =>
  type === undefined || type === "multipart/form-data" ? {} : { "content-type": type };

function bodyOf(body: unknown, type: string | undefined): CallOptions {
  if (body === undefined) return {};
  if (type === undefined) return { json: body };
  if (typeof body === "string") return { body };
  const fields = Object.entries(body as Record<string, string>);
  if (type !== "multipart/form-data") return { body: new URLSearchParams(fields).toString() };
  const form = new FormData();
  for (const [name, value] of fields) {
    if (name === "file") form.append(name, new File([value], "a.txt", { type: "text/plain" }));
    else form.append(name, value);
  }
  return { body: form };
}

const isRaw = (answer: Documented): answer is Raw => !("_zod" in answer);

/** What of the answer is not as documented. */
function faults(answer: Answer, documented: Documented | Documented[]): string[] {
  if (documented === NOTHING) return [];
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const isJson = /json$/.test(type) && !type.endsWith("ndjson");
  const shape = [documented].flat().find((one) => (isRaw(one) ? !isJson && fits(one.type, type) : isJson));
  if (!shape) return [`nothing is said about ${type}`];
  if (!isRaw(shape)) return said(shape.safeParse(answer.body));
  const { each } = shape;
  return each ? valuesOf(answer.text, type).flatMap((value) => said(each.safeParse(value))) : [];
}

/** Bytes come with the type of what they are. */
const fits = (documented: string, type: string) =>
  documented === type || documented === "application/octet-stream";

function valuesOf(body: string, type: string): unknown[] {
  if (type !== "text/event-stream") {
    return body
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
  return body
    .split("\n\n")
    .filter((frame) => /^event: /m.test(frame))
    .map((frame) => ({
      event: /^event: (.*)$/m.exec(frame)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "null"),
    }));
}

const said = (result: z.ZodSafeParseResult<unknown>): string[] =>
  result.success ? [] : [z.prettifyError(result.error)];

test.each(cases)("the example of $name is answered as documented", async (one) => {
  const answer = await send(one);
  const documented =
    one.entry.answers[answer.status] ??
    (NEEDS_A_MOMENT.includes(one.entry.id) && answer.status === 409 ? FAILURES.problem : undefined);
  expect(documented, `${answer.status}: ${answer.text.slice(0, 1_000)}`).toBeDefined();
  expect(answer.status < 400 || NEEDS_A_MOMENT.includes(one.entry.id), answer.text.slice(0, 1_000)).toBe(
    true,
  );
  if (documented) expect(faults(answer, documented), answer.text.slice(0, 1_000)).toEqual([]);
  expect(answer.headers.get("x-request-id")).toBeTruthy();
});

describe("a refusal is one of those that the reference names", () => {
  const expectNamed = ({ route, entry }: Case, answer: Answer) => {
    expect(FAILURES[failureKindOf(route.path)].safeParse(answer.body).success, answer.text).toBe(true);
    const codes = problemsOf(route, entry).get(answer.status) ?? [];
    expect(codes, `${answer.status} ${answer.text.slice(0, 500)}`).toContain(
      answer.body.code ?? answer.body.error.code,
    );
  };
  const anything = (path: string) => path.replaceAll(/:\w+/g, () => crypto.randomUUID());
  const guarded = cases.filter(({ route }) => route.action !== undefined);

  test.each(guarded)("without a credential at $name", async (one) => {
    expectNamed(one, await call(one.route.method, anything(one.route.path)));
  });

  test.each(cases.filter(({ route }) => route.schemas.json))(
    "for a body that is none at $name",
    async (one) => {
      const token = tokenAt(one.route);
      const ask = (body: string, type: string) =>
        call(one.route.method, anything(one.route.path), { token, body, headers: { "content-type": type } });
      for (const [body, type] of [
        ["{", "application/json"],
        ["[]", "application/json"],
        ["hello", "text/plain"],
      ] as const) {
        expectNamed(one, await ask(body, type));
      }
    },
  );
});
