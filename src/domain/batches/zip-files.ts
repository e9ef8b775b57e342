/** The files of a zip, each as something to take in. */
import * as z from "zod";
import { AppError, toAppError } from "../../errors.ts";
import { ExternalId, Labels, Name, type UploadLabels } from "../documents/labels.ts";
import { sha256 } from "../sha256.ts";
import type { Entry, Given } from "./entry.ts";
import { type BulkDefaults, invalidLine } from "./line.ts";
import { splitLines } from "./split-lines.ts";
import { fileFingerprint } from "./take.ts";
import type { ZipData } from "./zip-data.ts";
import { type ZipEntry, zipEntries } from "./zip-entries.ts";
import type { LocalHeader } from "./zip-header.ts";

/** Files up to this size are held, so that several are taken in at once; larger ones stream. Bytes. */
const HELD = 512 * 1024;
const MANIFEST = "manifest.ndjson";
/** Bytes. */
const MAX_MANIFEST = 4 * 1024 * 1024;
const MAX_MANIFEST_LINE = 64 * 1024;
/** What operating systems put beside what people mean. */
const DEBRIS = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/;

const ManifestLine = Labels.omit({ lane: true }).extend({ path: z.string(), name: Name.optional() });
type Described = Omit<z.output<typeof ManifestLine>, "path">;

export type ZipOptions = { defaults: BulkDefaults; pathIsId: boolean };

/**
 * Labels come from `manifest.ndjson`, if that is the first file, then from the defaults. Folders and debris are left out.
 * @throws AppError what keeps the rest of the archive from being read
 */
export async function* filesOf(body: ReadableStream<Uint8Array>, options: ZipOptions): AsyncGenerator<Entry> {
  let described = new Map<string, Described>();
  for await (const entry of zipEntries(body)) {
    const { header, place } = entry;
    if (header.path.endsWith("/") || DEBRIS.test(header.path)) continue;
    if (place === 1 && header.path === MANIFEST) described = await manifestOf(entry.data);
    else yield await entryOf(entry, described, options);
  }
}

async function entryOf(
  { place, header, data }: ZipEntry,
  described: ReadonlyMap<string, Described>,
  { defaults, pathIsId }: ZipOptions,
): Promise<Entry> {
  const shown =
    header.path
      .split(/[/\\]/)
      .pop()
      ?.replace(/\p{Cc}/gu, "")
      .slice(0, 500) || null;
  const refused = { line: place, name: shown, externalId: null, weight: 0, keys: [] };
  try {
    const path = safePath(header);
    const more = described.get(path);
    const labels: UploadLabels = {
      ...defaults,
      ...(pathIsId ? { external_id: idOf(path) } : {}),
      ...more,
      name: more?.name ?? nameOf(path),
    };
    const { name, external_id: externalId = null } = labels;
    const held = await upTo(HELD, data);
    const keys = externalId === null ? [] : [`id ${externalId}`];
    const entry = { line: place, name, externalId };
    if ("rest" in held) {
      const given: Given = { kind: "stream", labels, body: held.rest };
      return { ...entry, weight: HELD, keys, fingerprint: null, given };
    }
    const { bytes } = held;
    const content = await sha256(bytes);
    return {
      ...entry,
      weight: bytes.byteLength,
      keys: [...keys, `bytes ${content}`],
      fingerprint: await fileFingerprint(name, content),
      given: { kind: "bytes", labels, bytes },
    };
  } catch (thrown) {
    const fingerprint = await sha256(`refused ${shown}`);
    return { ...refused, fingerprint, given: { kind: "refused", error: toAppError(thrown) } };
  }
}

/** @throws AppError for what cannot be read, or would leave the archive if it were unpacked into a folder */
function safePath({ path, encrypted, method }: LocalHeader): string {
  const normal = path.replaceAll("\\", "/");
  if (/^(\/|[a-z]:)/i.test(normal) || normal.split("/").includes("..") || /\p{Cc}/u.test(normal)) {
    throw new AppError("invalid_request", { detail: "The file's path leads out of the archive." });
  }
  if (encrypted) {
    throw new AppError("encrypted_document", {
      detail: "The file asks for a password; pack it without one.",
    });
  }
  if (method !== 0 && method !== 8) {
    throw new AppError("unsupported_type", {
      detail: `The file is packed with method ${method}; we read stored and deflated files.`,
    });
  }
  return normal;
}

function nameOf(path: string): string {
  const name = Name.safeParse(path);
  if (name.success) return name.data;
  throw invalidLine(name.error);
}

function idOf(path: string): string {
  const id = ExternalId.safeParse(path);
  if (id.success) return id.data;
  throw new AppError("invalid_request", { detail: "external_id: the path is longer than 200 characters." });
}

/** All of the data when it is no more than `size` bytes, otherwise a stream of it. */
async function upTo(
  size: number,
  data: ZipData,
): Promise<{ bytes: Uint8Array<ArrayBuffer> } | { rest: ReadableStream<Uint8Array> }> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  while (total <= size) {
    const piece = await data.next();
    if (piece === null) return { bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()) };
    pieces.push(piece);
    total += piece.byteLength;
  }
  const rest = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = pieces.shift() ?? (await data.next());
        if (piece === null) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  return { rest };
}

/** @throws AppError that ends the batch: with other labels than were meant, nothing should come in */
async function manifestOf(data: ZipData): Promise<Map<string, Described>> {
  const described = new Map<string, Described>();
  for await (const { line, bytes } of splitLines(piecesOf(data), MAX_MANIFEST_LINE)) {
    const wrong = (detail: string) =>
      new AppError("invalid_request", { detail: `${MANIFEST}, line ${line}: ${detail}` });
    if (bytes === null) throw wrong("it is too long");
    const parsed = ManifestLine.safeParse(jsonOf(bytes));
    if (!parsed.success) throw wrong(invalidLine(parsed.error).message);
    const { path, ...labels } = parsed.data;
    described.set(path.replaceAll("\\", "/").replace(/^\.\//, ""), labels);
  }
  return described;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function* piecesOf(data: ZipData): AsyncGenerator<Uint8Array> {
  let size = 0;
  for (let piece = await data.next(); piece !== null; piece = await data.next()) {
    size += piece.byteLength;
    if (size > MAX_MANIFEST) {
      throw new AppError("too_large", { detail: `${MANIFEST} may have at most ${MAX_MANIFEST >> 20} MB.` });
    }
    yield piece;
  }
}
