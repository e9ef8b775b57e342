/** Who is signed in, as the API says it. */
export type Role = "admin" | "member" | "viewer";
export type Access = "internal" | "external";

export type Group = { id: string; name: string };

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
