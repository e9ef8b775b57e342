/** The kill test: whatever is killed, delayed, doubled or garbled while documents are read, every one ends rightly. */
import { expect, test } from "vitest";
import { native, nativeServer } from "./engine.ts";
import { killRun } from "./run.ts";

const isFull = process.env.FAULTS === "full";
const seeds = (process.env.FAULT_SEEDS ?? (isFull ? "1,2,3,4,5,6,7,8,9,10" : "1")).split(",").map(Number);
const documents = Number(process.env.FAULT_DOCUMENTS ?? (isFull ? 300 : 40));
/** Long enough for all of them to be uploaded while things go wrong. */
const steps = Math.max(7, Math.round(documents / 14));

test.each(seeds)(
  `seed %i: ${documents} documents are ready or failed for their own reason, each passage once`,
  { timeout: 600_000 },
  async (seed) => {
    const lines: string[] = [];
    const server = process.env.FAULT_DATABASE === "native" ? await nativeServer() : undefined;
    if (server && "missing" in server) throw new Error(server.missing);
    try {
      const engine = server && native(server);
      const report = await killRun(seed, documents, steps, (line) => lines.push(line), engine);
      console.log(JSON.stringify(report));
      expect(report.chunks).toBeGreaterThan(documents);
    } catch (thrown) {
      console.error(
        `FAULT_SEEDS=${seed} FAULT_DOCUMENTS=${documents} npm run test:faults\n${lines.join("\n")}`,
      );
      throw thrown;
    } finally {
      await server?.stop();
    }
  },
);
