/** The README's example against what we send, and against the standard's own vector. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { newSecret, signedHeaders } from "../../../src/domain/webhooks/sign.ts";

type Verify = (secret: string, headers: Record<string, string>, body: string) => unknown;

const readme = readFileSync(resolve(import.meta.dirname, "../../../README.md"), "utf8");
const code = readme
  .split(/^```/m)
  .find((block) => block.startsWith("js\n") && block.includes("createHmac"))
  ?.slice(3);
if (!code) throw new Error("The README has no example of checking a signature.");
const { verify } = (await import(
  /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
)) as { verify: Verify };

const body = '{"type":"document.ready"}';

test("the README's ten lines accept what we sign, with either secret of a rotation", () => {
  const [old, fresh] = [newSecret(), newSecret()];
  const headers = signedHeaders([fresh, old], "msg_1", new Date(), body);
  for (const secret of [old, fresh])
    expect(verify(secret, headers, body)).toEqual({ type: "document.ready" });
});

test.each([
  ["another secret", (one: Message) => ({ ...one, secret: newSecret() })],
  ["a changed body", (one: Message) => ({ ...one, body: body.replace("ready", "other") })],
  ["another id", (one: Message) => ({ ...one, headers: { ...one.headers, "webhook-id": "msg_2" } })],
  [
    "no signature",
    ({ headers: { "webhook-signature": _, ...headers }, ...one }: Message) => ({ ...one, headers }),
  ],
  [
    "an old message",
    (one: Message) => ({ ...one, headers: signedHeaders([one.secret], "msg_1", hourAgo(), body) }),
  ],
])("and refuse %s", (_, change) => {
  const secret = newSecret();
  const { headers, ...changed } = change({
    secret,
    headers: signedHeaders([secret], "msg_1", new Date(), body),
    body,
  });
  expect(() => verify(changed.secret, headers, changed.body)).toThrow(/forged|too old/);
});

type Message = { secret: string; headers: Record<string, string>; body: string };
const hourAgo = () => new Date(Date.now() - 3_600_000);

test("the standard's own example has the signature that the standard says", () => {
  const headers = signedHeaders(
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  );
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
