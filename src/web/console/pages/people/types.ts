/** People and groups as the API shows them. */
import type { Access, Role } from "../../types.ts";

export type Employee = {
  id: string;
  email: string;
  name: string | null;
  role: Role;
  access: Access;
  /** Null: it follows from the e-mail's domain. */
  access_override: Access | null;
  status: "active" | "deactivated";
  groups: string[];
  email_verified: boolean;
  last_seen_at: string | null;
};

export type Invitation = { id: string; email: string; role: Role; created_at: string; expires_at: string };
