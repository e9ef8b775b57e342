/** Requests of whoever is signed in: with a token that holds, and every failure a Problem. */
import { navigate } from "wouter-preact/use-browser-location";
import { problemOf } from "../ui/problem.ts";
import { freshToken, renew, session, signedOut } from "./session.ts";

/** @throws Problem */
export async function sendSigned(request: Request): Promise<Response> {
  const send = async () => {
    const copy = request.clone();
    copy.headers.set("authorization", `Bearer ${await freshToken()}`);
    return fetch(copy);
  };
  let response = await send();
  if (response.status === 401) {
    // Rights changed since the token was made: a new one may do.
    await renew();
    if (session.get()) response = await send();
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401) signedOut(true);
  if (problem.code === "email_verification_required") navigate("/verify");
  throw problem;
}
