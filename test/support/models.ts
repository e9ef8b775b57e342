/** Drives the misbehaving model server from inside workerd; every call gets a model name of its own. */
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { ProviderConfig } from "../../src/infra/openai/provider.ts";
import type { Behaviour, SeenRequest } from "./model-server.ts";

const modelServer = (): string => (env as unknown as { MODEL_SERVER: string }).MODEL_SERVER;

/** A provider whose model behaves as scripted: one behaviour a request, the last one stays. */
export async function provider(...behaviours: Behaviour[]): Promise<ProviderConfig> {
  const model = `model-${crypto.randomUUID()}`;
  const response = await fetch(`${modelServer()}/control`, {
    method: "POST",
    body: JSON.stringify({ model, behaviours }),
  });
  await response.body?.cancel();
  return { apiKey: "test-key", baseURL: `${modelServer()}/v1`, model, timeoutMs: 5_000 };
}

/** What the server saw for a model, oldest first. */
export async function requestsOf({ model }: ProviderConfig): Promise<SeenRequest[]> {
  const response = await fetch(`${modelServer()}/control/requests?model=${model}`);
  return ((await response.json()) as { requests: SeenRequest[] }).requests;
}

/** Resolves when the server has noticed that its client hung up. */
export async function hungUp(config: ProviderConfig): Promise<void> {
  await vi.waitUntil(async () => (await requestsOf(config)).at(-1)?.state === "aborted", {
    timeout: 5_000,
    interval: 20,
  });
}
