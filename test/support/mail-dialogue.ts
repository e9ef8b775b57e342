/** What an SMTP implementation must do, in whichever runtime it runs. */
import { expect, test } from "vitest";
import { smtpEmail } from "../../src/infra/email/smtp.ts";
import type { MailServer, Received } from "./mail-server.ts";

const from = { name: 'Kalamna, "Support"', email: "support@kalamna.example" };

export const someone = (name = "reader") => `${name}-${crypto.randomUUID()}@example.com`;

export async function receivedBy(server: Pick<MailServer, "control">, to: string): Promise<Received[]> {
  const response = await fetch(`${server.control}/?to=${encodeURIComponent(to)}`);
  return (await response.json()) as Received[];
}

/** The server's user and password, as they go into a URL. */
export const login = (password = "pässword: 1%/@") => `mailer:${encodeURIComponent(password)}@`;

export function speaksSmtp(server: () => Omit<MailServer, "close">): void {
  const plain = (credentials = "", timeoutMs = 5_000) =>
    smtpEmail({ url: `smtp://${credentials}127.0.0.1:${server().ports.plain}`, from, timeoutMs });
  const failure = (email: ReturnType<typeof smtpEmail>, to = someone()) =>
    email.send({ to, subject: "S", text: "T" }).then(
      () => "sent",
      (error: { code: string; cause?: Error }) => `${error.code}: ${error.cause?.message}`,
    );

  test("a message arrives as it was written, in any alphabet", async () => {
    const to = someone();
    const text = `رمزك:\n\n    123456\n\n.\n..two dots\nA line ${"that goes on ".repeat(100)}\nEnde — ü\n`;
    await plain(login()).send({ to, subject: "كلمنا — your code", text });
    const [mail] = await receivedBy(server(), to);
    expect(mail).toMatchObject({ from: from.email, to: [to], user: "mailer" });
    const [head = "", body = ""] = (mail?.raw ?? "").split(/\r\n\r\n([\s\S]*)/);
    expect(head).toMatch(/^From: "Kalamna, \\"Support\\"" <support@kalamna\.example>$/m);
    expect(head).toContain(`To: ${to}`);
    expect(head).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(head).toMatch(/^Message-ID: <[^>]+>$/im);
    expect(head).toMatch(/^Date: /m);
    expect(head).toMatch(/text\/plain; charset=utf-8/i);
    expect(decoded(head, body).trimEnd()).toBe(text.trimEnd());
  });

  test("a header cannot be smuggled in", async () => {
    const to = someone();
    await plain().send({ to, subject: "Hello\r\nBcc: victim@example.com", text: "Hi" });
    const [mail] = await receivedBy(server(), to);
    expect(mail?.to).toEqual([to]);
    expect(mail?.raw).not.toMatch(/^bcc:/im);
  });

  test("many at the same moment all arrive", async () => {
    const people = Array.from({ length: 10 }, () => someone());
    await Promise.all(people.map((to) => plain(login()).send({ to, subject: "S", text: `For ${to}` })));
    for (const to of people) expect(await receivedBy(server(), to)).toHaveLength(1);
  });

  test.each([
    ["a wrong password", () => failure(plain(login("wrong"))), /Invalid/],
    ["an unknown recipient", () => failure(plain(), someone("refuse")), /unknown/],
    ["a connection that breaks", () => failure(plain(), someone("hang-up")), /./],
    ["nobody at the port", () => failure(smtpEmail({ url: "smtp://127.0.0.1:9", from })), /./],
    [
      "a server that says nothing",
      () => failure(smtpEmail({ url: `smtp://127.0.0.1:${server().ports.silent}`, from, timeoutMs: 300 })),
      /./,
    ],
    [
      "a server abroad that offers no encryption",
      () =>
        failure(
          smtpEmail({ url: `smtp://${login()}0.0.0.0:${server().ports.plain}`, from, timeoutMs: 2_000 }),
        ),
      /STARTTLS/,
    ],
    [
      "a certificate nobody vouches for",
      () => failure(smtpEmail({ url: `smtps://127.0.0.1:${server().ports.tls}`, from, timeoutMs: 2_000 })),
      /./,
    ],
  ])("%s is a failure with its cause, soon", async (_, attempt, cause) => {
    const outcome = await attempt();
    expect(outcome).toMatch(/^email_unavailable: /);
    expect(outcome).toMatch(cause);
  });
}

function decoded(head: string, body: string): string {
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(head)?.[1]?.toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8").replaceAll("\r\n", "\n");
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}
