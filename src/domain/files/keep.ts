/** Makes sure that bytes are in storage after their document was registered. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalPath, type StoredFile } from "../../infra/files/port.ts";
import { fileRemoved } from "./sql.ts";

/** How long a removal that goes on is waited for, in milliseconds; one that takes longer died half way. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * An upload stores its bytes first and registers them second; in between somebody may have deleted the last document that
 * had the same bytes, and them. Whoever registers sees it (`fileRemoved`, in the same batch), and stores them again.
 * From then on nobody can claim them.
 */
export async function keepFile(ctx: Ctx, stored: StoredFile, removed: boolean | null): Promise<void> {
  if (removed === null) return;
  const until = ctx.now().getTime() + PATIENCE_MS;
  let over = removed;
  while (!over && ctx.now().getTime() < until) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const [{ rows }] = await tenantBatch(ctx, (db) => [fileRemoved(db, originalPath(stored.sha256))]);
    over = rows[0]?.removed ?? true;
  }
  await stored.restore();
  ctx.log.add({ file_restored: true });
}
