/** An organization as its own people see it. */
import type { Role } from "../../context.ts";
import { iso } from "../moment.ts";
import { OrgSettings } from "./settings.ts";

type Row = { id: string; name: string; status: string; settings: unknown; createdAt: string };

export type OrganizationView = {
  id: string;
  name: string;
  created_at: string;
  /** Admins only. */
  settings?: OrgSettings;
};

export function view(row: Row, role: Role): OrganizationView {
  return {
    id: row.id,
    name: row.name,
    created_at: iso(row.createdAt),
    ...(role === "admin" ? { settings: OrgSettings.parse(row.settings) } : {}),
  };
}
