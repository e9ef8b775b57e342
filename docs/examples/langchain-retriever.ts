/** A LangChain.js retriever over Kalamna: what its user may read, best first. */
import { Document } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";

export class KalamnaRetriever extends BaseRetriever {
  lc_namespace = ["kalamna"];
  options: { url: string; key: string; topK?: number; filters?: object };
  constructor(options: KalamnaRetriever["options"]) {
    super();
    this.options = options;
  }
  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    const { url, key, topK = 8, filters } = this.options;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ query, top_k: topK, ...(filters ? { filters } : {}) });
    const response = await fetch(`${url}/api/v1/search`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`Kalamna answered ${response.status}: ${await response.text()}`);
    const { results } = (await response.json()) as {
      results: ({ content: string } & Record<string, unknown>)[];
    };
    return results.map(({ content, ...metadata }) => new Document({ pageContent: content, metadata }));
  }
}
