import { describe, expect, test } from "vitest";
import { claimAt, personOf } from "../../../src/domain/identity/person.ts";
import { Claims, IdentityInput } from "../../../src/domain/identity/provider.ts";
import { AppError } from "../../../src/errors.ts";

const token = { sub: "u-1", email: "Ada@Acme.Test", email_verified: true };
const read = (payload: Record<string, unknown>, claims: unknown = {}, domains = ["acme.test"]) =>
  personOf({ ...token, ...payload }, Claims.parse(claims), domains);
const refusal = (payload: Record<string, unknown>, claims?: unknown) => {
  try {
    read(payload, claims);
    return "admitted";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe("a person read from claims", () => {
  test("has the least rights when nothing is mapped", () => {
    expect(read({ roles: ["admin"], role: "admin", access: "internal" })).toEqual({
      subject: "u-1",
      email: "ada@acme.test",
      role: "viewer",
      roleIsMapped: false,
      access: null,
      mappedGroups: [],
      groups: [],
    });
  });

  test("gets the highest of the roles that match, and the default when none does", () => {
    const claims = { role: { claim: "roles", values: { staff: "member", bosses: "admin" } } };
    expect(read({ roles: ["staff", "bosses", "x"] }, claims).role).toBe("admin");
    expect(read({ roles: "staff" }, claims).role).toBe("member");
    for (const roles of [[], "admin", undefined, null, { staff: true }, ["ADMIN"], [["bosses"]]]) {
      expect(read({ roles }, claims)).toMatchObject({ role: "viewer", roleIsMapped: true });
    }
  });

  test("is external unless a mapped claim says otherwise", () => {
    const claims = { access: { claim: "staff", values: { true: "internal" } } };
    expect(read({ staff: true }, claims).access).toBe("internal");
    expect(read({ staff: false }, claims).access).toBe("external");
    expect(read({}, claims).access).toBe("external");
  });

  test("is in the groups whose values match, each once", () => {
    const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
    const claims = { groups: { claim: "teams", values: { one: a, uno: a, two: b } } };
    expect(read({ teams: ["one", "uno", "three"] }, claims)).toMatchObject({
      groups: [a],
      mappedGroups: [a, b],
    });
    expect(read({ teams: null }, claims)).toMatchObject({ groups: [], mappedGroups: [a, b] });
  });

  test("values that every object has are no mapping", () => {
    const claims = { role: { claim: "roles", values: { staff: "member" } } };
    expect(read({ roles: ["constructor", "__proto__", "toString"] }, claims).role).toBe("viewer");
    expect(claimAt({}, "constructor.name")).toBeUndefined();
  });

  test("may have nested claims, and claims whose name has dots", () => {
    expect(claimAt({ realm_access: { roles: ["a"] } }, "realm_access.roles")).toEqual(["a"]);
    expect(claimAt({ "https://acme.test/roles": ["b"] }, "https://acme.test/roles")).toEqual(["b"]);
    expect(claimAt({ a: "text" }, "a.length")).toBeUndefined();
  });

  test.each([true, "true", 1, "1"])("has a verified e-mail when the claim is %j", (email_verified) => {
    expect(refusal({ email_verified })).toBe("admitted");
  });

  test.each([false, "false", 0, null, undefined, "yes", {}, [true]])(
    "has none when the claim is %j",
    (email_verified) => {
      expect(refusal({ email_verified })).toBe("email_unverified");
    },
  );

  test("may be verified by another claim", () => {
    expect(refusal({ email_verified: undefined, xms_edov: "1" }, { email_verified: "xms_edov" })).toBe(
      "admitted",
    );
    expect(refusal({ email_verified: true }, { email_verified: "xms_edov" })).toBe("email_unverified");
  });

  test.each([
    "ada@other.test",
    "ada@sub.acme.test",
    "ada@acme.test.evil.test",
    "ada@evilacme.test",
    "acme.test@evil.test",
  ])("%s is of another domain", (email) => {
    expect(refusal({ email })).toBe("domain_not_allowed");
  });

  test.each([
    [{ email: undefined }],
    [{ email: "nobody" }],
    [{ email: ["a@acme.test"] }],
    [{ sub: "" }],
    [{ sub: 7 }],
  ])("nobody is read from %j", (payload) => {
    expect(refusal(payload)).toBe("unauthenticated");
  });
});

describe("a provider is refused when", () => {
  const good = { issuer: "https://idp.acme.test", audience: "app", domains: ["acme.test"] };

  test("nothing is wrong, it is not", () => {
    expect(IdentityInput.parse({ ...good, domains: [" Acme.Test "] })).toMatchObject({
      domains: ["acme.test"],
      algorithms: ["RS256", "ES256"],
      jwks_uri: null,
      status: "active",
    });
  });

  test.each([
    ["it signs with a shared secret", "algorithms.0", { algorithms: ["HS256"] }],
    ["it does not sign", "algorithms.0", { algorithms: ["none"] }],
    ["it may sign with nothing", "algorithms", { algorithms: [] }],
    ["it has no domain", "domains", { domains: [] }],
    ["a domain is a pattern", "domains.0", { domains: ["*"] }],
    ["a domain is an address", "domains.0", { domains: ["a@acme.test"] }],
    ["the issuer is no URL", "issuer", { issuer: "acme" }],
    ["the issuer has a query", "issuer", { issuer: "https://idp.acme.test/?a" }],
    ["the keys are in a file", "jwks_uri", { jwks_uri: "file:///keys" }],
    [
      "a role does not exist",
      "claims.role.values.x",
      { claims: { role: { claim: "r", values: { x: "owner" } } } },
    ],
    [
      "a group is no id",
      "claims.groups.values.x",
      { claims: { groups: { claim: "g", values: { x: "sales" } } } },
    ],
    ["a field is misspelt", "claims", { claims: { roles: {} } }],
  ])("%s", (_, path, change) => {
    const { error } = IdentityInput.safeParse({ ...good, ...change });
    expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
  });
});
