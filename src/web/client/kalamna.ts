/** Kalamna for your own interface, as one module: `import { createKalamna } from "https://HOST/kalamna.js"`. */
import { connect } from "./client.ts";
import type { Kalamna, Options } from "./types.ts";

export type * from "./types.ts";

/**
 * @example
 * const kalamna = createKalamna({ key: "kal_pub_…" });
 * for await (const event of kalamna.ask("How long does delivery take?"))
 *   if (event.type === "token") process.stdout.write(event.text);
 */
export function createKalamna(options: Options): Kalamna {
  return connect({ ...options, url: options.url ?? new URL(import.meta.url).origin });
}
