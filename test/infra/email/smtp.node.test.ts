import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smtpEmail } from "../../../src/infra/email/smtp.ts";
import { login, receivedBy, someone, speaksSmtp } from "../../support/mail-dialogue.ts";
import { type MailServer, startMailServer } from "../../support/mail-server.ts";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

const from = { name: "Kalamna", email: "support@kalamna.example" };

describe("in Node, over SMTP", () => {
  speaksSmtp(() => server);
});

// workerd trusts public authorities only; here we may name our own.
describe("encrypted", () => {
  test.each(["starttls", "tls"] as const)("%s carries password and message", async (kind) => {
    const to = someone();
    const scheme = kind === "tls" ? "smtps" : "smtp";
    const url = `${scheme}://${login()}localhost:${server.ports[kind]}`;
    await smtpEmail({ url, from, ca: server.ca }).send({ to, subject: "S", text: "T" });
    expect(await receivedBy(server, to)).toEqual([
      expect.objectContaining({ encrypted: true, user: "mailer", to: [to] }),
    ]);
  });
});
