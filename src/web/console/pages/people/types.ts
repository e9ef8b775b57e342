/** People and groups as the API shows them. */

import type { Schemas } from "../../typed.ts";

export type Employee = Schemas["Employee"];

export type Invitation = Schemas["Invitation"];
