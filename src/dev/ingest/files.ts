/** The files that a person means when they name a folder. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, matchesGlob, relative, resolve, sep } from "node:path";

export type LocalFile = {
  /** Where it is. */
  path: string;
  /** Its path from the folder that was named, with `/`: what it is known by on the other side. */
  id: string;
  /** Bytes. */
  size: number;
};

export type Selection = { include: readonly string[]; exclude: readonly string[] };

/** Never anybody's documents. */
const IGNORED = /^(?:\..*|node_modules|__MACOSX|Thumbs\.db|desktop\.ini)$/;

/**
 * Files below each path, in a stable order; links are not followed.
 * @param selection globs on ids, e.g. `docs/**` or `*.pdf`; without any to include, everything
 * @throws Error with one sentence when a path is not there, or two files would have one id
 */
export async function filesBelow(paths: readonly string[], selection: Selection): Promise<LocalFile[]> {
  const found = new Map<string, LocalFile>();
  for (const path of paths) {
    // npm runs scripts in the project; the person was elsewhere.
    const root = resolve(process.env.INIT_CWD ?? ".", path);
    const entry = await stat(root).catch(() => undefined);
    if (!entry) throw new Error(`There is no ${path}.`);
    const inside = entry.isDirectory() ? await walk(root) : [root];
    for (const file of inside) {
      const id = entry.isDirectory() ? relative(root, file).split(sep).join("/") : basename(file);
      if (!isSelected(id, selection)) continue;
      const other = found.get(id);
      if (other && other.path !== file) {
        throw new Error(
          `${other.path} and ${file} would be the same document ${id}; ingest them one by one.`,
        );
      }
      found.set(id, { path: file, id, size: (await stat(file)).size });
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isSelected(id: string, { include, exclude }: Selection): boolean {
  const matches = (glob: string) => matchesGlob(id, glob) || matchesGlob(basename(id), glob);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}

async function walk(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (IGNORED.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await walk(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

/** SHA-256 as lower-case hex, without holding the file. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
