/** Three kinds of test: in workerd with a real database, in Node (the local stack's own parts), and against the running stack. */
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const NODE_TESTS = ["test/dev/**/*.test.ts", "test/architecture/**/*.test.ts", "test/**/*.node.test.ts"];
const E2E_TESTS = ["test/e2e/**/*.test.ts", "test/faults/**/*.test.ts"];

export default defineConfig({
  test: {
    // The Worker's log lines matter only beside a failure.
    silent: "passed-only",
    // The Worker may write a line while its file's tests have just ended; that is nobody's failure.
    onUnhandledError: ({ name, message }) =>
      !(name === "EnvironmentTeardownError" && message.includes("onUserConsoleLog")),
    coverage: {
      provider: "istanbul",
      include: ["src/**/*.ts"],
      // The local stack runs in Node and the console in a browser: the node and e2e projects test them, and are not instrumented.
      exclude: ["src/dev/**", "src/web/**"],
      reporter: ["text", "json-summary"],
      reportOnFailure: true,
      // What is reached today: it only goes up.
      thresholds: { lines: 98.5 },
    },
    projects: [
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                DATABASE_URL: inject<string>("databaseUrl"),
                DATABASE_ENDPOINT: inject<string>("endpoint"),
                JWT_KEYS: "test:0123456789abcdef0123456789abcdef",
                DATA_KEYS: "data-1:abcdef0123456789abcdef0123456789,data-2:456789abcdef0123456789abcdef0123",
                DEV_MAILBOX: "true",
                LEAK_REQUESTS: process.env.LEAK_REQUESTS ?? "1000",
                MODEL_SERVER: inject<string>("modelServer"),
                WEBHOOK_SERVER: inject<string>("webhookServer"),
                SITE_SERVER: inject<string>("siteServer"),
                LOG_SERVER: inject<string>("logServer"),
                OIDC_SERVER: inject<string>("identityServer"),
                DNS_OVER_HTTPS: `${inject<string>("identityServer")}/dns-query`,
                ALLOW_LOOPBACK_FETCH: "true",
              },
              email: {
                send_email: [{ name: "EMAIL", allowed_sender_addresses: ["support@kalamna.example"] }],
              },
              ratelimits: {
                AUTH_LIMIT: { namespace_id: "1001", simple: { limit: 100_000, period: 60 } },
                API_LIMIT: { namespace_id: "1002", simple: { limit: 100_000, period: 60 } },
                ORG_LIMIT: { namespace_id: "1003", simple: { limit: 100_000, period: 60 } },
                WIDGET_LIMIT: { namespace_id: "1004", simple: { limit: 100_000, period: 60 } },
              },
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: [...NODE_TESTS, ...E2E_TESTS],
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: "node", include: NODE_TESTS, testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: "e2e",
          include: E2E_TESTS,
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
