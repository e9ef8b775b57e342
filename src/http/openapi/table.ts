/** Every group of the API reference, in the order in which it shows them. */
import type { Group } from "./entry.ts";
import { accounts } from "./groups/accounts.ts";
import { ask } from "./groups/ask.ts";
import { batches } from "./groups/batches.ts";
import { chat } from "./groups/chat.ts";
import { dialects } from "./groups/dialects.ts";
import { documents } from "./groups/documents.ts";
import { evals } from "./groups/evals.ts";
import { insight } from "./groups/insight.ts";
import { keys } from "./groups/keys.ts";
import { knowledge } from "./groups/knowledge.ts";
import { organization } from "./groups/organization.ts";
import { people } from "./groups/people.ts";
import { platform } from "./groups/platform.ts";
import { service } from "./groups/service.ts";
import { sources } from "./groups/sources.ts";
import { telemetry } from "./groups/telemetry.ts";
import { webhooks } from "./groups/webhooks.ts";

export const GROUPS: readonly Group[] = [
  ask,
  chat,
  documents,
  sources,
  batches,
  knowledge,
  accounts,
  organization,
  people,
  keys,
  insight,
  evals,
  telemetry,
  webhooks,
  dialects,
  platform,
  service,
];
