/** One real Postgres behind the Neon protocol, a misbehaving model server and an OpenID provider for the whole run. */
import type { TestProject } from "vitest/node";
import { startDatabase } from "../../src/dev/database.ts";
import { migrate } from "../../src/dev/migrate.ts";
import { startIdentityServer } from "./identity-server.ts";
import { startModelServer } from "./model-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    databaseUrl: string;
    endpoint: string;
    modelServer: string;
    identityServer: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [database, models, identities] = await Promise.all([
    startDatabase({}),
    startModelServer(),
    startIdentityServer(),
  ]);
  await migrate(database.connectionString);
  project.provide("databaseUrl", database.databaseUrl);
  project.provide("endpoint", database.endpoint);
  project.provide("modelServer", models.url);
  project.provide("identityServer", identities.url);
  return async () => {
    await Promise.all([database.close(), models.close(), identities.close()]);
  };
}
