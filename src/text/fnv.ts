/** FNV-1a, the small hash under the lexicon and the offline embedder. */

const encoder = new TextEncoder();

/** Unsigned 32-bit FNV-1a of the UTF-8 bytes of `text`, continuing from `seed` (another hash) when given. */
export function fnv32(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
