/** One embedding model at several providers: vectors of one model are the same wherever they are made. */
import { AppError } from "../../errors.ts";
import { circuit, type Pass } from "../openai/circuit.ts";
import { isOfTheRequest, ProviderError } from "../openai/failure.ts";
import type { Patience } from "../openai/provider.ts";
import type { Embedder } from "./port.ts";

/** With somebody else to turn to, a provider gets one more try and no long pause before it. */
const RETRIES = 1;
const LONGEST_PAUSE_MS = 1_000;

type Ask = { embedder: Embedder; pass: Pass; patience: Patience };

/**
 * Asks them in their order, without those whose circuit is open. When none seems to work, the first is asked all
 * the same, once: nothing else can embed, and a document must not fail because of what we remember.
 * @param totalMs all providers together; each gets an equal share of what is left
 */
export function providers(embedders: readonly [Embedder, ...Embedder[]], totalMs: number): Embedder {
  const [first] = embedders;
  const links = embedders.map((embedder) => ({ embedder, circuit: circuit() }));

  function* asks(): Generator<Ask> {
    const due = Date.now() + totalMs;
    let asked = 0;
    for (const [at, { embedder, circuit: one }] of links.entries()) {
      const pass = one.enter();
      if (!pass) continue;
      asked++;
      const others = links.slice(at + 1).filter((link) => link.circuit.report().state === "closed").length;
      const firstMs = Math.max(1, (due - Date.now()) / (others + 1));
      const more = others === 0 ? {} : { maxRetries: RETRIES, longestPauseMs: LONGEST_PAUSE_MS };
      yield { embedder, pass, patience: { firstMs, ...more } };
    }
    const [only] = links;
    if (asked === 0 && only)
      yield { embedder: first, pass: only.circuit.insist(), patience: { maxRetries: 0 } };
  }

  return {
    ...first,
    circuits: () => links.map((link) => link.circuit.report()),
    async embed(texts, signal) {
      let last: unknown;
      for (const { embedder, pass, patience } of asks()) {
        try {
          const vectors = await embedder.embed(texts, signal, patience);
          pass.succeeded();
          return vectors;
        } catch (thrown) {
          last = thrown;
          if (signal.aborted || !(thrown instanceof ProviderError)) throw thrown;
          pass.failed(thrown);
          if (isOfTheRequest(thrown.fault)) throw thrown;
        } finally {
          pass.left();
        }
      }
      throw last ?? new AppError("embedder_unavailable");
    },
  };
}
