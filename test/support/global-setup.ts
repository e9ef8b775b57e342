/**
 * One real Postgres behind the Neon protocol, and servers for models, identities, mail, webhooks and logs, for the whole run. The Postgres is the
 * embedded one, with `TEST_DATABASE=native` a native one (bench/support/postgres.ts).
 */
import type { TestProject } from "vitest/node";
import { nativePostgres } from "../../bench/support/postgres.ts";
import { startDatabase } from "../../src/dev/database.ts";
import { migrate } from "../../src/dev/migrate.ts";
import { startIdentityServer } from "./identity-server.ts";
import { startLogServer } from "./log-server.ts";
import { type MailServer, startMailServer } from "./mail-server.ts";
import { startModelServer } from "./model-server.ts";
import { startSiteServer } from "./site-server.ts";
import { startWebhookServer } from "./webhook-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    databaseUrl: string;
    endpoint: string;
    modelServer: string;
    identityServer: string;
    webhookServer: string;
    mailServer: Omit<MailServer, "close">;
    siteServer: string;
    logServer: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const native = process.env.TEST_DATABASE === "native" ? await nativePostgres({ make: false }) : undefined;
  if (native && "missing" in native) throw new Error(native.missing);
  const [database, models, identities, mail, webhooks, sites, logs] = await Promise.all([
    startDatabase(native ? { databaseUrl: native.connectionString } : {}),
    startModelServer(),
    startIdentityServer(),
    startMailServer(),
    startWebhookServer(),
    startSiteServer(),
    startLogServer(),
  ]);
  await migrate(database.connectionString);
  project.provide("databaseUrl", database.databaseUrl);
  project.provide("endpoint", database.endpoint);
  project.provide("modelServer", models.url);
  project.provide("identityServer", identities.url);
  project.provide("siteServer", sites.url);
  project.provide("logServer", logs.url);
  project.provide("webhookServer", webhooks.url);
  const { close: closeMail, ...mailServer } = mail;
  project.provide("mailServer", mailServer);
  return async () => {
    await Promise.all([
      database.close(),
      models.close(),
      identities.close(),
      closeMail(),
      webhooks.close(),
      sites.close(),
      logs.close(),
    ]);
    await native?.stop();
  };
}
