/** Reads a person out of verified claims, as the organization's mapping says. Pure. */
import type { JWTPayload } from "jose";
import * as z from "zod";
import { ACCESS_LEVELS, type Access, type Role } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { Email } from "../accounts/email.ts";
import type { Claims } from "./provider.ts";

export type ExternalPerson = {
  /** The provider's own, permanent name for the person. */
  subject: string;
  email: string;
  role: Role;
  /** Does the role follow the provider, or is it only what a new person starts with? */
  roleIsMapped: boolean;
  /** Null: follows from the e-mail's domain. */
  access: Access | null;
  /** The groups the provider decides about, and those of them the person is in. */
  mappedGroups: string[];
  groups: string[];
};

const Subject = z.string().min(1).max(255);

/** From least to most, so that the highest of several wins. */
const ROLES_RISING = ["viewer", "member", "admin"] as const satisfies readonly Role[];

/**
 * @throws AppError `unauthenticated` without a subject or an e-mail
 * @throws AppError `email_unverified` unless the provider says that the person owns the address
 * @throws AppError `domain_not_allowed` for an address outside `domains`
 */
export function personOf(payload: JWTPayload, mapping: Claims, domains: readonly string[]): ExternalPerson {
  const subject = Subject.safeParse(payload.sub);
  const email = Email.safeParse(claimAt(payload, mapping.email));
  if (!subject.success || !email.success) {
    const missing = subject.success ? `\`${mapping.email}\` with an e-mail address` : "`sub`";
    throw new AppError("unauthenticated", { detail: `The token has no claim ${missing}.` });
  }
  if (!isTrue(claimAt(payload, mapping.email_verified))) {
    throw new AppError("email_unverified", {
      detail: `The token's claim \`${mapping.email_verified}\` is not true.`,
    });
  }
  if (!domains.includes(email.data.slice(email.data.lastIndexOf("@") + 1)))
    throw new AppError("domain_not_allowed");

  const { role, access, groups } = mapping;
  const roles = role.claim === undefined ? [] : mapped(payload, role.claim, role.values);
  const levels = access === undefined ? [] : mapped(payload, access.claim, access.values);
  return {
    subject: subject.data,
    email: email.data,
    role: highest(ROLES_RISING, roles) ?? role.default,
    roleIsMapped: role.claim !== undefined,
    access: access === undefined ? null : (highest(ACCESS_LEVELS, levels) ?? access.default),
    mappedGroups: groups === undefined ? [] : unique(Object.values(groups.values)),
    groups: groups === undefined ? [] : unique(mapped(payload, groups.claim, groups.values)),
  };
}

/** The claim named `path`, else what `path` leads to through nested objects. */
export function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** What the claim's values, one or a list, stand for. */
function mapped<T>(payload: JWTPayload, path: string, values: Record<string, T>): T[] {
  const claim = claimAt(payload, path);
  const given = Array.isArray(claim) ? claim : [claim];
  return given.flatMap((value) => {
    const key = typeof value === "boolean" || typeof value === "number" ? String(value) : value;
    const target = typeof key === "string" && Object.hasOwn(values, key) ? values[key] : undefined;
    return target === undefined ? [] : [target];
  });
}

/** Providers write it as a boolean, as text and, for `xms_edov`, as 1. */
function isTrue(claim: unknown): boolean {
  return claim === true || claim === "true" || claim === 1 || claim === "1";
}

function highest<T>(rising: readonly T[], found: readonly T[]): T | undefined {
  return rising.findLast((candidate) => found.includes(candidate));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
