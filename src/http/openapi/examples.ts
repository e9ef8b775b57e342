/** Names and ids in the examples; test/http/openapi.test.ts puts real ones in their place and sends each example. */

/** Of things that exist before the example runs. */
export const SOME = {
  document: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a01",
  batch: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a02",
  source: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a03",
  deletion: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a04",
  employee: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a05",
  invitation: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a06",
  group: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a07",
  apiKey: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a08",
  widgetKey: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a09",
  webhook: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a10",
  delivery: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a11",
  session: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a12",
  taught: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a14",
  conversation: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a15",
  message: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a16",
  evalCase: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a20",
  evalRun: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a21",
  organization: "0b9e4c1a-7d52-4f7e-9a53-6c1d2f3e4a13",
} as const;

/** Of people and secrets. */
export const A = {
  /** Has an account. */
  email: "ada@acme.example",
  /** Has none. */
  newEmail: "new@acme.example",
  password: "correct horse battery",
  newPassword: "nine green lanterns",
  code: "493021",
  refreshToken: "kal_rt_8Jx2wQ",
  invitation: "kal_inv_5hT0cE",
  confirmation: "kal_del_2bV9kR",
  widgetKey: "kal_pub_6oGm1a",
  origin: "https://www.acme.example",
  /** Answers, and is a page. */
  address: "https://www.acme.example/handbook",
  hook: "https://hooks.acme.example/kalamna",
  /** An MCP server with a tool that searches logs. */
  logs: "https://logs.acme.example/mcp",
  issuer: "https://login.acme.example",
  domain: "acme.example",
  question: "How long can I return shoes?",
  embeddingModel: "offline-hash-v1",
} as const;
