/** Short lists that several pages need whole. */
import { all, client } from "./typed.ts";

export const allGroups = (signal: AbortSignal) =>
  all((query) => client.GET("/api/v1/groups", { params: { query }, signal }));

export const allPeople = (signal: AbortSignal) =>
  all((query) => client.GET("/api/v1/employees", { params: { query }, signal }));
