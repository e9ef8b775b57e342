/** What spans about models say (opentelemetry.io/docs/specs/semconv/gen-ai); never what was asked or answered. */
import type { About } from "../trace/port.ts";
import type { ProviderConfig } from "./provider.ts";

/** The convention's names of those who have one. */
const PROVIDERS: [host: RegExp, name: string][] = [
  [/(^|\.)openai\.com$/, "openai"],
  [/(^|\.)azure\.com$/, "azure.ai.openai"],
  [/^generativelanguage\.googleapis\.com$/, "gcp.gemini"],
  [/(^|\.)mistral\.ai$/, "mistral_ai"],
  [/(^|\.)groq\.com$/, "groq"],
  [/(^|\.)deepseek\.com$/, "deepseek"],
  [/(^|\.)cohere\.(ai|com)$/, "cohere"],
  [/(^|\.)x\.ai$/, "x_ai"],
];

/** A client span about one call of a model, named as the convention wants it: `chat gpt-4o-mini`. */
export function genAiSpan(
  operation: "chat" | "embeddings",
  {
    model,
    baseURL = "https://api.openai.com/v1",
    azure,
  }: Pick<ProviderConfig, "model" | "baseURL" | "azure">,
): [name: string, About] {
  const { hostname } = new URL(baseURL);
  const known = PROVIDERS.find(([host]) => host.test(hostname))?.[1];
  const attributes = {
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": azure ? "azure.ai.openai" : (known ?? "openai_compatible"),
    "gen_ai.request.model": model,
    "server.address": hostname,
  };
  return [`${operation} ${model}`, { kind: "client", attributes }];
}
