/** The whole product for one browser test file: a stack of its own on free ports, with the demo organization in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Demo, seedDemo } from "../../../src/dev/seed.ts";
import { type Stack, startStack } from "../../../src/dev/stack.ts";
import { makeSuperadmin } from "../../../src/dev/superadmin.ts";

export type TestStack = {
  url: string;
  demo: Demo;
  connectionString: string;
  /** The log server over its own log. */
  logs: { url: string; bearer: string };
  /** Calls the API as the demo's admin. @throws Error with the answer when it is no success */
  api(method: string, path: string, body?: unknown): Promise<any>;
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
    const started = await startStack({ port: 0, dataDir, variables, logs: true });
    stack = started;
    const { url, connectionString, logs } = started;
    const demo = await seedDemo({ url, dataDir, logs, privateDatabase: true });
    const { token } = await call(url, "POST", "/api/v1/auth/login", undefined, {
      email: demo.email,
      password: demo.password,
    });
    const stop = stack.stop;
    return {
      url,
      demo,
      connectionString,
      async superadmin() {
        const email = "operator@kalamna.example";
        const { databaseUrl, endpoint } = started;
        const reach = { databaseUrl, ...(endpoint ? { endpoint } : {}), close: async () => undefined };
        return { email, password: (await makeSuperadmin(reach, email)).password };
      },
      logs: logs ?? { url: "", bearer: "" },
      api: (method, path, body) => call(url, method, path, token, body),
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
