/** Who is signed in, as the API says it. */
import type { Schemas } from "./typed.ts";

export type Role = "admin" | "member" | "viewer";
export type Access = "internal" | "external";

export type Group = Schemas["Group"];

export type User = {
  id: string;
  email: string;
  name: string | null;
  role: Role | "superadmin";
  access?: Access;
  email_verified?: boolean;
};

export type SignIn = {
  token: string;
  /** Seconds. */
  expires_in: number;
  /** Superadmins have none. */
  refresh_token?: string;
  user: User;
  org?: { id: string; name: string };
};
