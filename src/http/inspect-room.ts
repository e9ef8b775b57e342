/** Files that are inspected lie in memory: how many bytes of them this isolate takes at a time. */
import { AppError } from "../errors.ts";

let held = 0;

/** One file always finds room; another has to come back while both together are more than `most`. */
const RETRY_SECONDS = 2;

/**
 * Takes room for a body of `size` bytes.
 * @param size as its sender says; NaN or 0 = unknown, counts as the most
 * @returns to be called when the file is gone
 * @throws AppError `too_large` for more than the body of the largest file | `rate_limited` while others take the room
 */
export function takeRoom(size: number, most: number): () => void {
  // A form has its boundaries and fields around the file.
  if (size > most + FORM_BYTES) {
    throw new AppError("too_large", {
      detail: `Files may have at most ${Math.floor(most / 1024 / 1024)} MB.`,
    });
  }
  const wanted = size > 0 ? Math.min(size, most) : most;
  if (held > 0 && held + wanted > most) {
    throw new AppError("rate_limited", {
      detail: "Other files are being inspected; try again in a moment.",
      retryAfter: RETRY_SECONDS,
    });
  }
  held += wanted;
  return () => {
    held -= wanted;
  };
}

const FORM_BYTES = 2 * 1024 * 1024;
