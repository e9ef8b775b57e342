/** An identity provider as the API shows it. */
import { iso } from "../moment.ts";
import { Claims, type IdentityView } from "./provider.ts";
import { Algorithms, type ShownRow } from "./sql.ts";

export function view(row: ShownRow): IdentityView {
  return {
    id: row.id,
    issuer: row.issuer,
    audience: row.audience,
    jwks_uri: row.jwksUri,
    algorithms: Algorithms.parse(row.algorithms),
    claims: Claims.parse(row.claims),
    domains: row.domains,
    status: row.status,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}
