/** Reads a multipart form with one file without ever holding the file: it flows on while it arrives. */
import { decodeField, type MultipartError, make, type PartInfo } from "multipasta";
import { AppError } from "../errors.ts";

const MAX_FIELD_BYTES = 64 * 1024;
const MAX_PARTS = 20;

export type Form<T> = { fields: Record<string, string>; file: { filename: string; stored: T } | null };

/**
 * @param onFile called with the first file's stream as soon as it begins; fields may come before or after it
 * @throws AppError `invalid_request` when the form is malformed or holds two files; what `onFile` stored is then
 *   handed to `discard`, where there is something to undo
 */
export async function readForm<T>(
  request: Request,
  onFile: (body: ReadableStream<Uint8Array>) => Promise<T>,
  discard?: (stored: T) => Promise<void>,
): Promise<Form<T>> {
  const reader = (request.body ?? new Blob([]).stream()).getReader();
  const fields: Record<string, string> = {};
  const files: { info: PartInfo; pieces: Uint8Array[]; ended: boolean }[] = [];
  let failed: MultipartError | undefined;
  let done = false;

  const parser = make({
    headers: Object.fromEntries(request.headers),
    maxParts: MAX_PARTS,
    maxFieldSize: MAX_FIELD_BYTES,
    isFile: (info) => filenameOf(info) !== undefined || info.contentType === "application/octet-stream",
    onField: (info, value) => {
      fields[info.name] = decodeField(info, value);
    },
    onFile: (info) => {
      const file = { info, pieces: [] as Uint8Array[], ended: false };
      files.push(file);
      return (piece) => {
        if (piece === null) file.ended = true;
        else file.pieces.push(piece);
      };
    },
    onError: (error) => {
      failed ??= error;
    },
    onDone: () => {
      done = true;
    },
  });

  /** Feeds one network chunk to the parser. */
  const advance = async (): Promise<void> => {
    const { done: ended, value } = await reader.read();
    if (ended) {
      parser.end();
      if (!done) failed ??= { _tag: "EndNotReached" };
    } else parser.write(value);
    if (failed) throw malformed(failed);
    if (files.length > 1) throw new AppError("invalid_request", { detail: "Send one file a request." });
  };

  let stored: { value: T } | undefined;
  try {
    while (!done && files.length === 0) await advance();
    const file = files[0];
    if (file) {
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          while (file.pieces.length === 0 && !file.ended) await advance();
          for (const piece of file.pieces.splice(0)) controller.enqueue(piece);
          if (file.ended) controller.close();
        },
      });
      stored = { value: await onFile(body) };
    }
    while (!done) await advance();
    return {
      fields,
      file: file && stored ? { filename: filenameOf(file.info) ?? "", stored: stored.value } : null,
    };
  } catch (error) {
    if (stored) await discard?.(stored.value);
    await reader.cancel().catch(() => undefined);
    throw error;
  }
}

/** The parser knows names in Latin-1 only, and of any other leaves the header as it came; browsers write UTF-8. */
function filenameOf({ filename, headers }: PartInfo): string | undefined {
  const disposition = [headers["content-disposition"]].flat()[0] ?? "";
  return filename ?? /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
}

function malformed(error: MultipartError): AppError {
  const detail =
    error._tag === "ReachedLimit"
      ? `The form is past a limit (${error.limit}).`
      : "The multipart form is malformed or ends early.";
  return new AppError(error._tag === "ReachedLimit" ? "too_large" : "invalid_request", { detail });
}
