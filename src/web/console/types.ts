/** Who is signed in, as the API says it. */
import type { Schemas } from "./typed.ts";

type Person = Schemas["Profile"]["user"];
/** Somebody who runs the platform, and is in no organization. */
type Operator = Schemas["PlatformSignIn"]["user"];

export type Role = Person["role"];
export type Access = Person["access"];

export type Group = Schemas["Group"];

export type User = Pick<Person, "id" | "email"> & { role: Role | Operator["role"] } & Partial<
    Pick<Person, "name" | "access" | "email_verified">
  >;

export type SignIn = Schemas["SignIn"] | Schemas["PlatformSignIn"];
