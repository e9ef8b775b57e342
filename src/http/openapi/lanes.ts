/** What stands in each lane of ingestion, which health and analytics share. */
import * as z from "zod";
import type { LaneFigures } from "../../domain/health/lanes.ts";
import { LANES } from "../../infra/jobs/port.ts";
import { byKey, exactly } from "./entry.ts";

export const LanesShape = byKey(
  LANES,
  exactly<LaneFigures>()(
    z.strictObject({
      unfinished: z.int(),
      working: z.int(),
      waiting: z.int(),
      oldest_seconds: z.number(),
      overdue: z.int().describe("Past their deadline; must be 0."),
    }),
  ),
);
