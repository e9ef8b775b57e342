/** Reference: for those who run the platform. */
import * as z from "zod";
import type { QuotaInput } from "../../../domain/limits/quotas.ts";
import type { OrganizationUsage } from "../../../domain/platform/organizations.ts";
import { exactly, group, id, moment, page } from "../entry.ts";
import { SOME } from "../examples.ts";
import { Ended, Requested } from "../organization-deletion.ts";

const OrganizationShape = exactly<OrganizationUsage>()(
  z.strictObject({
    id,
    name: z.string(),
    status: z.enum(["active", "suspended", "deleting"]),
    created_at: moment,
    usage: z.strictObject({
      users: z.int(),
      documents: z.int(),
      bytes: z.int(),
      chunks: z.int(),
      questions: z.int().describe("Of this calendar month, UTC."),
      tokens: z.int(),
    }),
  }),
).meta({ id: "OrganizationUsage" });

const amount = z.int().nullable();
const Quota = exactly<QuotaInput>()(
  z.strictObject({ documents: amount, storage_bytes: amount, questions: amount, tokens: amount }),
).meta({ id: "Quota", description: "Null: what holds for all, and there any amount." });
const One = z.strictObject({ quota: Quota });
const figures = { documents: 10_000, questions: 50_000 };
const some = { path: { id: SOME.organization } };

export const platform = group("Platform", "For superadmins: organizations as such, never what is in them.", {
  "GET /api/v1/admin/orgs": {
    id: "listOrganizations",
    summary: "List organizations with what they use",
    answers: { 200: page(OrganizationShape) },
    example: { query: { status: "active", limit: 5 } },
  },
  "PATCH /api/v1/admin/orgs/:id": {
    id: "changeOrganizationStatus",
    summary: "Suspend an organization, or let it go on",
    answers: { 200: z.strictObject({ org: OrganizationShape }) },
    example: { ...some, body: { status: "suspended" } },
  },
  "DELETE /api/v1/admin/orgs/:id": {
    id: "deleteAnyOrganization",
    summary: "Delete an organization with everything in it",
    description: "In two steps, as `DELETE /api/v1/org`.",
    answers: { 202: z.union([Requested, Ended]), 200: Ended },
    errors: ["invalid_confirmation"],
    example: some,
  },
  "GET /api/v1/admin/quotas": {
    id: "getQuota",
    summary: "What every organization may use",
    answers: { 200: One },
  },
  "PUT /api/v1/admin/quotas": {
    id: "setQuota",
    summary: "Set what every organization may use",
    answers: { 200: One },
    example: { body: { documents: null, storage_bytes: null, questions: null, tokens: null } },
  },
  "GET /api/v1/admin/orgs/:id/quotas": {
    id: "getOrganizationQuota",
    summary: "What one organization may use",
    answers: { 200: One },
    example: some,
  },
  "PUT /api/v1/admin/orgs/:id/quotas": {
    id: "setOrganizationQuota",
    summary: "Set what one organization may use",
    description: "Replaces all four figures.",
    answers: { 200: One },
    example: { ...some, body: figures },
  },
});
