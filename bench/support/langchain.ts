/** LangChain.js beside us. */
import { beside } from "./beside.ts";

export type Task = {
  connectionString: string;
  connections: number;
  baseUrl: string;
  dimensions: number;
  /** Paths of the files to read. */
  files: readonly string[];
  /** All in one call, or one call each. */
  way: "together" | "singly";
  /** With an index for searching, built before there are rows. */
  hnsw: boolean;
  table: string;
};

const peer = beside("LangChain.js", "peers");

export const installLangChain = peer.install;

/** @throws Error when it fails */
export const langChain = (task: Task): Promise<{ ms: number; chunks: number }> =>
  peer.run("langchain.mjs", task);
