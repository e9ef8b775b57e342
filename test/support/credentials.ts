/** Every kind of credential, good and forged, as a request would carry it. */
import { sql } from "drizzle-orm";
import { SignJWT } from "jose";
import { SCOPES, type Scope } from "../../src/context.ts";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, register } from "./api.ts";
import { baseCtx } from "./people.ts";

export type Headers = Record<string, string>;

export const SHOP = "https://shop.example";
/** The secret of key `test` that the Worker under test trusts (vitest.config.ts). */
const SECRET = "0123456789abcdef0123456789abcdef";

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** A secret key of `admin`'s organization. */
export async function apiKey(
  admin: Person,
  scopes: readonly Scope[],
  more: object = {},
): Promise<{ id: string; key: string }> {
  const json = { name: "Software", scopes, ...more };
  const answer = await call("POST", "/api/v1/api-keys", { token: admin.token, json });
  expectStatus(answer, 201);
  return { id: answer.body.api_key.id, key: answer.body.key };
}

/** A visitor of a page that embeds the organization's widget. */
export async function widgetVisitor(admin: Person): Promise<{ id: string; key: string; headers: Headers }> {
  const made = await call("POST", "/api/v1/widget-keys", {
    token: admin.token,
    json: { name: "Shop", allowed_origins: [SHOP] },
  });
  expectStatus(made, 201);
  const { id, key } = made.body.widget_key;
  const admitted = await call("POST", "/api/v1/widget/token", { json: { key }, headers: { origin: SHOP } });
  expectStatus(admitted, 200);
  return { id, key, headers: { ...bearer(admitted.body.token), origin: SHOP } };
}

const encode = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Credentials that no route may accept, each but for one thing an admin's. */
export async function forgeries(admin: Person): Promise<[string, Headers][]> {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "HS256", typ: "at+jwt", kid: "test" };
  const claims = {
    sub: admin.userId,
    org_id: admin.orgId,
    role: "admin",
    access: "internal",
    ver: 1,
    iss: "kalamna",
    aud: "kalamna-api",
    iat: now,
    exp: now + 900,
  };
  const sign = (over: object, head: object = {}, secret: string | Uint8Array = SECRET) =>
    new SignJWT({ ...claims, ...over })
      .setProtectedHeader({ ...header, ...head })
      .sign(typeof secret === "string" ? new TextEncoder().encode(secret) : secret);
  const good = await sign({});
  const [head = "", body = "", signature = ""] = good.split(".");
  const [revoked, expired] = await Promise.all([apiKey(admin, SCOPES), apiKey(admin, SCOPES)]);
  expectStatus(await call("DELETE", `/api/v1/api-keys/${revoked.id}`, { token: admin.token }), 200);
  const { db } = baseCtx().ports;
  await db.execute(sql`update kalamna.api_keys set expires_at = now() where id = ${expired.id}`);
  const visitor = await widgetVisitor(admin);
  const { privateKey } = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const es256 = await new SignJWT(claims).setProtectedHeader({ ...header, alg: "ES256" }).sign(privateKey);
  return [
    ["nothing", {}],
    ["an empty credential", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${btoa(`${admin.email}:x`)}` }],
    ["two credentials", { authorization: `Bearer ${good}, Bearer ${good}` }],
    ["an expired token", bearer(await sign({ iat: now - 1_000, exp: now - 1 }))],
    ["an unsigned token", bearer(`${encode({ ...header, alg: "none" })}.${body}.`)],
    [
      "an unsigned token with a signature",
      bearer(`${encode({ ...header, alg: "none" })}.${body}.${signature}`),
    ],
    ["a token with its signature cut off", bearer(`${head}.${body}.`)],
    [
      "a token with changed claims",
      bearer(`${head}.${encode({ ...claims, role: "admin", org_id: crypto.randomUUID() })}.${signature}`),
    ],
    ["a token of another algorithm", bearer(es256)],
    ["a token of a longer hash", bearer(await sign({}, { alg: "HS512" }, SECRET.repeat(2)))],
    ["a token of another secret", bearer(await sign({}, {}, "x".repeat(32)))],
    ["a token of an empty secret", bearer(await sign({}, {}, new Uint8Array(32)))],
    ["a token for another audience", bearer(await sign({ aud: "kalamna-api:widget" }))],
    ["a token of another issuer", bearer(await sign({ iss: "https://issuer.example" }))],
    ["a token of another key", bearer(await sign({}, { kid: "other" }))],
    ["a token without a key", bearer(await sign({}, { kid: "" }))],
    ["a token of another type", bearer(await sign({}, { typ: "JWT" }))],
    ["an access token that claims to be a widget's", bearer(await sign({}, { typ: "widget+jwt" }))],
    [
      "an access token that claims to be the platform's",
      bearer(await sign({ role: "superadmin" }, { typ: "platform+jwt" })),
    ],
    ["a superadmin's claim in an access token", bearer(await sign({ role: "superadmin" }))],
    ["a token without an organization", bearer(await sign({ org_id: undefined }))],
    ["a token without an end", bearer(await sign({ exp: undefined }))],
    ["a token for later", bearer(await sign({ nbf: now + 600 }))],
    ["a revoked key", bearer(revoked.key)],
    ["an expired key", bearer(expired.key)],
    ["an invented key", bearer(`kal_live_${"A".repeat(22)}_${"A".repeat(43)}`)],
    ["a widget key", { ...bearer(visitor.key), origin: SHOP }],
    ["a widget token without its page", bearer(visitor.headers.authorization?.slice(7) ?? "")],
    ["a widget token on another page", { ...visitor.headers, origin: "https://evil.example" }],
    ["a refresh token", bearer(admin.refreshToken)],
  ];
}

/** Good credentials of an organization that has been suspended since. */
export async function suspended(): Promise<[string, Headers][]> {
  const admin = await register("Suspended");
  const [{ key }, visitor] = await Promise.all([apiKey(admin, SCOPES), widgetVisitor(admin)]);
  await accountBatch(baseCtx(), (db) => [
    db.execute(sql`update kalamna.organizations set status = 'suspended' where id = ${admin.orgId}`),
  ]);
  return [
    ["admin", bearer(admin.token)],
    ["key", bearer(key)],
    ["widget", visitor.headers],
  ];
}
