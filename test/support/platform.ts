/** Superadmins, as the command makes them. */
import { sql } from "drizzle-orm";
import { hashPassword } from "../../src/domain/accounts/password.ts";
import { call, expectStatus, PASSWORD } from "./api.ts";
import { baseCtx } from "./people.ts";

export type Superadmin = { id: string; email: string; token: string };

let known: string | undefined;

/** Signed in through the front door. */
export async function superadmin(): Promise<Superadmin> {
  const email = `root-${crypto.randomUUID()}@platform.test`;
  known ??= await hashPassword(PASSWORD);
  await baseCtx().ports.db.batch([
    baseCtx().ports.db.execute(sql`select set_config('role', 'kalamna_operator', true)`),
    baseCtx().ports.db.execute(
      sql`insert into kalamna.superadmins (email, password_hash) values (${email}, ${known})`,
    ),
  ]);
  const answer = await call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } });
  expectStatus(answer, 200);
  return { id: answer.body.user.id, email, token: answer.body.token };
}
