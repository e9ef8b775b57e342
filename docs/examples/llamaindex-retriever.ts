/** A LlamaIndex.TS retriever over Kalamna: what its user may read, best first. */
import { BaseRetriever } from "@llamaindex/core/retriever";
import { type NodeWithScore, TextNode } from "@llamaindex/core/schema";

type Found = { results: ({ content: string; chunk_id: string; score: number } & Record<string, unknown>)[] };

export class KalamnaRetriever extends BaseRetriever {
  options: { url: string; key: string; topK?: number; filters?: object };
  constructor(options: KalamnaRetriever["options"]) {
    super();
    this.options = options;
  }
  override async _retrieve({ query }: { query: unknown }): Promise<NodeWithScore[]> {
    const { url, key, topK = 8, filters } = this.options;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ query, top_k: topK, ...(filters ? { filters } : {}) });
    const response = await fetch(`${url}/api/v1/search`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`Kalamna answered ${response.status}: ${await response.text()}`);
    const { results } = (await response.json()) as Found;
    return results.map(({ content, chunk_id, score, ...metadata }) => ({
      node: new TextNode({ id_: chunk_id, text: content, metadata }),
      score,
    }));
  }
}
