import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { cloudflareEmail } from "../../../src/infra/email/cloudflare.ts";

const { EMAIL } = env as unknown as { EMAIL: SendEmail };
const from = { name: "Kalamna", email: "support@kalamna.example" };

test("a message goes through the binding", async () => {
  const email = cloudflareEmail(EMAIL, from);
  await email.send({ to: "reader@example.com", subject: "رمزك", text: "123456\n" });
});

test("what the binding refuses is a failure with its cause", async () => {
  const email = cloudflareEmail(EMAIL, { ...from, email: "somebody@else.example" });
  await expect(email.send({ to: "reader@example.com", subject: "S", text: "T" })).rejects.toMatchObject({
    code: "email_unavailable",
    cause: expect.any(Error),
  });
});
