/** The chat models of a configuration: a chain in its order, and what else may be chosen. */

import { type ChatOffer, offerChats } from "./offer.ts";
import { offlineChat } from "./offline.ts";
import { openaiChat } from "./openai.ts";
import type { ChatModel } from "./port.ts";

/** As src/env-models.ts reads it. */
export type ConfiguredChat = {
  name: string;
  kind: "openai" | "azure";
  base_url?: string | undefined;
  key: string;
  model?: string | undefined;
  deployment?: string | undefined;
  api_version?: string | undefined;
  limits?: { context?: number | undefined; max_output?: number | undefined } | undefined;
  price?: { input: number; output: number } | undefined;
};

export type ChatSettings = {
  models: readonly (ConfiguredChat | "offline")[];
  /** Their keys by the names of the variables. */
  keys: Readonly<Record<string, string>>;
  timeoutMs: number;
};

/** The extractive answerer is always offered, and in the default chain only where it is listed, or alone. */
export function configuredChats({ models, keys, timeoutMs }: ChatSettings): ChatOffer {
  const offline = offlineChat();
  const listed = models.map((entry) =>
    entry === "offline" ? offline : chatModel(entry, keys[entry.key] ?? "", timeoutMs),
  );
  const [first = offline, ...more] = listed;
  return offerChats([first, ...more], [offline], timeoutMs);
}

function chatModel(entry: ConfiguredChat, apiKey: string, timeoutMs: number): ChatModel {
  const {
    name,
    model = name,
    base_url: baseURL,
    key: keyName,
    deployment,
    api_version,
    limits,
    price,
  } = entry;
  return openaiChat({
    name,
    model,
    apiKey,
    keyName,
    timeoutMs,
    ...(baseURL ? { baseURL } : {}),
    ...(entry.kind === "azure" && deployment && api_version
      ? { azure: { deployment, apiVersion: api_version } }
      : {}),
    ...(limits ? { limits: { context: limits.context, maxOutput: limits.max_output } } : {}),
    ...(price ? { price } : {}),
  });
}
