/** The whole product for one browser test file: a stack of its own on free ports, with the demo organization in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Demo, seedDemo } from "../../../src/dev/seed.ts";
import { type Stack, startStack } from "../../../src/dev/stack.ts";
import { makeSuperadmin } from "../../../src/dev/superadmin.ts";

/** @throws Error with the answer when it is no success */
type Api = (method: string, path: string, body?: unknown) => Promise<any>;

export type TestStack = {
  url: string;
  demo: Demo;
  connectionString: string;
  /** The log server over its own log. */
  logs: { url: string; bearer: string };
  /** Calls the API as the demo's admin. */
  api: Api;
  /** Calls the API with another access token. */
  as(token: string): Api;
  /** Somebody who runs the platform. */
  superadmin(): Promise<{ email: string; password: string }>;
  stop(): Promise<void>;
};

export type TestStackOptions = {
  /** Variables of the Worker, such as a model server's address. */
  variables?: Record<string, string>;
};

export async function startTestStack({ variables = {} }: TestStackOptions = {}): Promise<TestStack> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-browser-"));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  let stack: Stack | undefined;
  try {
    // A file's tests take longer than a token lasts.
    const lasting = { ACCESS_TOKEN_SECONDS: "7200", ...variables };
    const started = await startStack({ port: 0, dataDir, variables: lasting, logs: true });
    stack = started;
    const { url, connectionString, logs } = started;
    const demo = await seedDemo({ url, dataDir, logs, privateDatabase: true });
    const { token } = await call(url, "POST", "/api/v1/auth/login", undefined, {
      email: demo.email,
      password: demo.password,
    });
    const stop = stack.stop;
    const as =
      (token: string): Api =>
      (method, path, body) =>
        call(url, method, path, token, body);
    let operator: Promise<{ email: string; password: string }> | undefined;
    return {
      url,
      demo,
      connectionString,
      superadmin() {
        operator ??= operatorOf(started);
        return operator;
      },
      logs: logs ?? { url: "", bearer: "" },
      api: as(token),
      as,
      async stop() {
        await stop();
        remove();
      },
    };
  } catch (thrown) {
    await stack?.stop();
    remove();
    throw thrown;
  }
}

async function operatorOf({ databaseUrl, endpoint }: Stack): Promise<{ email: string; password: string }> {
  const email = "operator@kalamna.example";
  const reach = { databaseUrl, ...(endpoint ? { endpoint } : {}), close: async () => undefined };
  return { email, password: (await makeSuperadmin(reach, email)).password };
}

async function call(url: string, method: string, path: string, token?: string, body?: unknown): Promise<any> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
