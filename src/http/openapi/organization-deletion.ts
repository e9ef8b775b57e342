/** The two answers to deleting an organization, by its admin or by a superadmin. */
import * as z from "zod";
import type { DeletionRequested } from "../../domain/organizations/delete.ts";
import type { Deleted } from "../../domain/organizations/finish-deletion.ts";
import { exactly, id, moment } from "./entry.ts";

const organization = z.strictObject({ id, name: z.string() });

export const Requested = exactly<DeletionRequested>()(
  z.strictObject({
    organization,
    confirmation: z.string().describe("Send it back to delete for good."),
    expires_at: moment,
  }),
).meta({ id: "OrganizationDeletionRequested" });

export const Ended = exactly<Deleted>()(
  z.strictObject({
    deleted: z.strictObject({
      organization,
      requested_by: z.strictObject({ kind: z.enum(["user", "superadmin"]), id }),
      deleted_at: moment,
      completed_at: moment.nullable(),
      rows: z.record(z.string(), z.int()).describe("Rows that it had, by table."),
      files: z.int().nullable(),
    }),
    receipt: z.string().describe("The same as a JWS."),
    status: z
      .enum(["deleted", "deleting"])
      .describe("`deleting`: ask `GET /api/v1/org/deletion`, with the confirmation."),
  }),
).meta({ id: "OrganizationDeleted" });
