import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { call, expectStatus, PASSWORD, register } from "../support/api.ts";
import { colleague } from "../support/people.ts";

const me = (token: string) => call("GET", "/api/v1/auth/me", { token });

describe("registering", () => {
  test("creates an organization and its admin, signed in", async () => {
    const email = `Owner-${crypto.randomUUID()}@Acme.Test`;
    const answer = await call("POST", "/api/v1/auth/register", {
      json: { org_name: "Acme", email, password: PASSWORD },
    });
    expectStatus(answer, 201);
    expect(answer.body.user).toMatchObject({ email: email.toLowerCase(), role: "admin", access: "internal" });
    expect(answer.body.org.name).toBe("Acme");
    const who = await me(answer.body.token);
    expectStatus(who, 200);
    expect(who.body.user.id).toBe(answer.body.user.id);
    expect(answer.text).not.toContain("scrypt");
  });

  test("an e-mail registers once, in any spelling", async () => {
    const { email } = await register();
    const again = await call("POST", "/api/v1/auth/register", {
      json: { org_name: "Other", email: ` ${email.toUpperCase()} `, password: PASSWORD },
    });
    expectStatus(again, 409);
    expect(again.body.code).toBe("email_taken");
  });

  test.each([
    ["org_name", { org_name: " ", email: "a@b.test", password: PASSWORD }],
    ["email", { org_name: "Acme", email: "nobody", password: PASSWORD }],
    ["password", { org_name: "Acme", email: "a@b.test", password: "short" }],
  ])("a bad %s is named", async (path, json) => {
    const answer = await call("POST", "/api/v1/auth/register", { json });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_request");
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });
});

describe("signing in", () => {
  test("works with the right password and no other", async () => {
    const { email, userId } = await register();
    const right = await call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } });
    expectStatus(right, 200);
    expect(right.body.user.id).toBe(userId);
    const wrong = await call("POST", "/api/v1/auth/login", { json: { email, password: `${PASSWORD}!` } });
    expectStatus(wrong, 401);
    expect(wrong.body.code).toBe("invalid_credentials");
  });

  test("an unknown account is answered like a wrong password", async () => {
    const { email } = await register();
    const json = (address: string) => ({ json: { email: address, password: "not the password" } });
    const known = await call("POST", "/api/v1/auth/login", json(email));
    const unknown = await call("POST", "/api/v1/auth/login", json("nobody@acme.test"));
    const { request_id: a, ...first } = known.body;
    const { request_id: b, ...second } = unknown.body;
    expect(a).not.toBe(b);
    expect(second).toEqual(first);
  });

  test("a colleague who has no password yet cannot sign in", async () => {
    const guest = await colleague(await register(), "member");
    expectStatus(
      await call("POST", "/api/v1/auth/login", { json: { email: guest.email, password: "" } }),
      400,
    );
    expectStatus(
      await call("POST", "/api/v1/auth/login", { json: { email: guest.email, password: "x" } }),
      401,
    );
  });
});

describe("refreshing", () => {
  const refresh = (token: string) => call("POST", "/api/v1/auth/refresh", { json: { refresh_token: token } });

  test("a refresh token works once and its successor goes on", async () => {
    const { refreshToken, token } = await register();
    const second = await refresh(refreshToken);
    expectStatus(second, 200);
    expectStatus(await me(second.body.token), 200);
    expectStatus(await me(token), 200);
    expectStatus(await refresh(second.body.refresh_token), 200);
  });

  test("a token presented twice ends the whole family", async () => {
    const { refreshToken } = await register();
    const second = await refresh(refreshToken);
    const reuse = await refresh(refreshToken);
    expectStatus(reuse, 401);
    expect(reuse.body.code).toBe("session_revoked");
    expectStatus(await refresh(second.body.refresh_token), 401);
  });

  test("of two callers at the same moment only one gets through", async () => {
    const { refreshToken } = await register();
    const statuses = (await Promise.all([refresh(refreshToken), refresh(refreshToken)])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 401]);
  });

  test("an invented token is refused", async () => {
    expectStatus(await refresh("kal_rt_invented"), 401);
  });
});

describe("an access token is refused when", () => {
  const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
  const claims = { org_id: crypto.randomUUID(), role: "admin", access: "internal", ver: 1 };
  const header = { alg: "HS256", typ: "at+jwt", kid: "test" };
  const good = (over: Partial<typeof header> = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ ...header, ...over })
      .setSubject(crypto.randomUUID())
      .setIssuer("kalamna")
      .setAudience("kalamna-api")
      .setIssuedAt()
      .setExpirationTime("15m");
  const b64 = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");

  test.each<[string, () => Promise<string>]>([
    ["it is expired", () => good().setExpirationTime(1).sign(secret)],
    ["it has another issuer", () => good().setIssuer("other").sign(secret)],
    ["it has another audience", () => good().setAudience("other").sign(secret)],
    ["its key is unknown", () => good({ kid: "other" }).sign(secret)],
    ["it names no key", () => good({ kid: "" }).sign(secret)],
    ["it is of another type", () => good({ typ: "JWT" }).sign(secret)],
    ["its algorithm is not ours", () => good({ alg: "HS512" }).sign(new Uint8Array(64))],
    ["it is unsigned", async () => `${b64({ alg: "none", typ: "at+jwt", kid: "test" })}.${b64(claims)}.`],
    ["it is signed with another secret", () => good().sign(new Uint8Array(32))],
    [
      "a claim is missing",
      () =>
        new SignJWT({})
          .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "test" })
          .setSubject(crypto.randomUUID())
          .setIssuer("kalamna")
          .setAudience("kalamna-api")
          .setIssuedAt()
          .setExpirationTime("15m")
          .sign(secret),
    ],
    ["it is garbage", async () => "garbage"],
  ])("%s", async (_, token) => {
    const answer = await me(await token());
    expectStatus(answer, 401);
    expect(answer.body.code).toBe("unauthenticated");
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  });

  test("there is none", async () => {
    expectStatus(await call("GET", "/api/v1/auth/me"), 401);
  });
});
