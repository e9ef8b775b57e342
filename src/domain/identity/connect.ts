/** Connects an organization's identity provider, or changes how it is connected. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { invalidFields } from "../invalid-fields.ts";
import { fetchKeys } from "./key-set.ts";
import type { IdentityInput, IdentityView } from "./provider.ts";
import {
  endSessionsOfReplaced,
  findUnknownGroups,
  findUnprovenDomains,
  forgetReplacedSubjects,
  saveIdentity,
} from "./sql.ts";
import { view } from "./view.ts";

/**
 * Asks the provider for its keys first, so that a wrong address shows now and not at somebody's first sign-in.
 * @throws AppError `invalid_request` for a domain or group that is not the organization's
 * @throws AppError `identity_provider_failed` | `url_refused` when its keys cannot be had
 * @throws AppError `issuer_taken` when another organization has connected this issuer and audience
 */
export async function connect(ctx: Ctx<UserActor>, input: IdentityInput): Promise<IdentityView> {
  const { orgId } = ctx.actor;
  await refuseForeign(ctx, input);
  await ctx.log.step("identity", () => fetchKeys(ctx, { issuer: input.issuer, jwksUri: input.jwks_uri }));
  try {
    const [, , [row]] = await tenantBatch(ctx, (db) => [
      endSessionsOfReplaced(db, orgId, input),
      forgetReplacedSubjects(db, orgId, input),
      saveIdentity(db, orgId, input),
      audit(db, {
        ...auditOf(ctx),
        action: "identity.connected",
        target: { type: "identity_provider", id: input.issuer },
        detail: { audience: input.audience, status: input.status, domains: input.domains.join(" ") },
        result: "ok",
      }),
    ]);
    if (!row) throw new AppError("internal", { cause: new Error("the provider was not saved") });
    return view(row);
  } catch (thrown) {
    if (violates(thrown, "identity_providers_source")) throw new AppError("issuer_taken", { cause: thrown });
    throw thrown;
  }
}

/** @throws AppError `invalid_request` naming what is not the organization's */
async function refuseForeign(ctx: Ctx<UserActor>, input: IdentityInput): Promise<void> {
  const { orgId } = ctx.actor;
  const groups = Object.values(input.claims.groups?.values ?? {});
  const [domains, unknown] = await tenantBatch(ctx, (db) => [
    findUnprovenDomains(db, orgId, input.domains),
    findUnknownGroups(db, orgId, groups),
  ]);
  const errors = [
    ...domains.rows.map(({ domain }) => ({
      path: "domains",
      message: `No administrator of yours has a verified e-mail at ${domain}.`,
    })),
    ...unknown.rows.map(({ id }) => ({ path: "claims.groups.values", message: `There is no group ${id}.` })),
  ];
  if (errors.length > 0) throw invalidFields(errors);
}
