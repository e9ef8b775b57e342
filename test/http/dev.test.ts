import { describe, expect, test } from "vitest";
import { call, expectStatus, fetchWorker, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { codeFor, mailsTo } from "../support/mail.ts";

describe("the development mailbox", () => {
  test("shows what would have been sent, newest first", async () => {
    const { email } = await register();
    expect(await codeFor(email)).toMatch(/^\d{6}$/);
    const [mail] = await mailsTo(email);
    expect(mail).toMatchObject({ to: email, subject: "Your Kalamna code", at: expect.stringMatching(/Z$/) });
    expect(mail?.subject).not.toMatch(/\d/);
  });

  test("is not there for anybody who did not name this machine as the host", async () => {
    const response = await fetchWorker("/dev/mailbox");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
    const app = appWith((real) => real);
    for (const host of ["127.0.0.1.evil.test", "localhost.evil.test", "127.evil.test"]) {
      const answer = await app.call("GET", `@${host}/dev/mailbox`);
      expectStatus(answer, 404);
    }
  });

  test("is not there where e-mail is really sent", async () => {
    const app = appWith(({ mailbox: _, ...real }) => ({ ...real, mailbox: undefined as never }));
    expectStatus(await app.call("GET", "/dev/mailbox"), 404);
  });

  test("stops a deployed Worker from answering anything", async () => {
    for (const path of ["/health", "/dev/mailbox", "/api/v1/auth/me"]) {
      const answer = await call("GET", path, { headers: { "cf-ray": "8f2b4c6d7e8f9a0b-AMS" } });
      expectStatus(answer, 500);
      expect(answer.text).not.toContain("MAILBOX");
    }
  });
});
