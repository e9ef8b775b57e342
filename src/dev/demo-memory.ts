/** What a data folder remembers of its demo. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const Memory = z.object({
  email: z.string(),
  password: z.string(),
  complete: z.boolean(),
  /** E-mails of its employees, who have the same password. */
  people: z.record(z.string(), z.string()).optional(),
  /** Days on which they have asked, `2026-11-30`. */
  asked: z.array(z.string()).optional(),
});
export type Memory = z.infer<typeof Memory>;

const fileOf = (dataDir: string) => join(dataDir, "demo.json");

/** Undefined when there is nothing to remember, or it cannot be read any more. */
export function recall(dataDir: string): Memory | undefined {
  try {
    return Memory.parse(JSON.parse(readFileSync(fileOf(dataDir), "utf8")));
  } catch {
    return undefined;
  }
}

export function remember(dataDir: string, memory: Memory): void {
  writeFileSync(fileOf(dataDir), JSON.stringify(memory), { mode: 0o600 });
}
