/** Documents and what belongs to them, as far as these pages show it. */

import type { Schemas } from "../../typed.ts";

export type Status = Document["status"];

export type Failure = NonNullable<Document["failure"]>;

export type Document = Schemas["Document"];

export type Version = Schemas["Version"];

export type Chunk = Schemas["Chunk"];

export const isBeingRead = ({ status }: { status: Status }) => status !== "ready" && status !== "failed";
