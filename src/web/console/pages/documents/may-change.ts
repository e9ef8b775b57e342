/** Whether whoever is signed in may change a document: admins may any, members their own, as the database decides it. */
import { useStore } from "../../../ui/store.ts";
import { session } from "../../session.ts";
import type { Document } from "./types.ts";

export function useMayChange(): (document: Pick<Document, "created_by">) => boolean {
  const user = useStore(session)?.user;
  return ({ created_by }) => user?.role === "admin" || (user !== undefined && created_by === user.id);
}
