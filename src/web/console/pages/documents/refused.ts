/** Files that the API would not take, known before they are sent. */
import type { Chosen } from "./uploads.ts";

/** They are taken apart on arrival, and only what is in them is measured. */
export const isArchive = (name: string): boolean => /\.(zip|ndjson|jsonl)$/i.test(name);

/** As the API says it. @param bytes the most that a file may have */
export const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);

/**
 * @param most bytes that a file may have; null while nobody has said it
 * @returns the API's own sentence for `useDetail`, or null for a file that may be sent
 */
export function refusalOf({ file }: Pick<Chosen, "file">, most: number | null): string | null {
  if (file.size === 0) return "The file is empty.";
  const isTooLarge = most !== null && file.size > most && !isArchive(file.name);
  return isTooLarge ? `Files may have at most ${megabytes(most)} MB.` : null;
}
