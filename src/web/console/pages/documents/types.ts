/** Documents and what belongs to them, as far as these pages show it. */
import type { Access } from "../../types.ts";

export type Status = "pending" | "extracting" | "embedding" | "ready" | "failed";

export type Failure = { code: string; detail: string | null; retryable?: boolean };

export type Document = {
  id: string;
  name: string;
  title: string | null;
  content_type: string;
  bytes: number;
  sha256: string;
  access_level: Access;
  groups: string[] | null;
  metadata: Record<string, unknown>;
  status: Status;
  failure: Failure | null;
  version: number;
  published_version: number | null;
  external_id: string | null;
  url: string | null;
  counts: { pages: number | null; characters: number | null; chunks: number | null; tokens: number | null };
  step_ms: Record<string, number> | null;
  created_at: string;
  updated_at: string;
  ready_at: string | null;
};

export type Version = Pick<Document, "version" | "name" | "bytes" | "failure" | "created_at"> & {
  status: "pending" | "published" | "superseded" | "failed";
  published_at: string | null;
  current: boolean;
  delta: { reused: number | null; embedded: number | null };
};

export type Chunk = {
  id: string;
  ordinal: number;
  page: number | null;
  heading: string[];
  content: string;
  tokens: number;
};

export const isBeingRead = ({ status }: { status: Status }) => status !== "ready" && status !== "failed";
