/** LangChain.js reads files, splits, embeds and stores them; `npm run bench ingestion` says which, and how. */
import { readFileSync } from "node:fs";
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import { OpenAIEmbeddings } from "@langchain/openai";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";

// Plain JavaScript: the product's compiler does not know these packages.
const { connectionString, connections, baseUrl, dimensions, files, way, hnsw, table } = JSON.parse(
  process.argv[2],
);

const embeddings = new OpenAIEmbeddings({
  model: "embed",
  dimensions,
  apiKey: "bench",
  configuration: { baseURL: baseUrl },
});
const store = await PGVectorStore.initialize(embeddings, {
  postgresConnectionOptions: { connectionString, max: connections },
  tableName: table,
  dimensions,
});
if (hnsw) await store.createHnswIndex({ dimensions });
const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 1000, chunkOverlap: 200 });

const from = performance.now();
let chunks = 0;
// `together`: all of them in one call, its best; `singly`: as they come in.
for (const batch of way === "together" ? [files] : files.map((file) => [file])) {
  const documents = batch.map(
    (file) => new Document({ pageContent: readFileSync(file, "utf8"), metadata: { source: file } }),
  );
  const split = await splitter.splitDocuments(documents);
  await store.addDocuments(split);
  chunks += split.length;
}
const ms = performance.now() - from;
await store.end();
console.log(JSON.stringify({ ms, chunks }));
process.exit(0);
