/** The API for whoever is not signed in: every failure thrown as a Problem. */
import { kalamna } from "../api/client.ts";
import { problemOf } from "../ui/problem.ts";

export const open = kalamna({
  async fetch(request) {
    const response = await fetch(request);
    if (response.ok) return response;
    throw await problemOf(response);
  },
});
