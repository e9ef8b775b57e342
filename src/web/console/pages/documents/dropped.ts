/** Files of a drop or a choice, whole folders included. */
import type { Chosen } from "./uploads.ts";

/** Nobody means these. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/;

const visible = ({ file, path }: Chosen) => !HIDDEN.test(path ?? file.name);

export async function droppedFiles(transfer: DataTransfer): Promise<Chosen[]> {
  // Entries must be taken before the first await: the list is emptied with the event.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = await Promise.all(entries.map((entry) => filesOf(entry, entry.isDirectory)));
  return found.flat().filter(visible);
}

export const chosenFiles = (files: FileList | null): Chosen[] =>
  [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || null })).filter(visible);

async function filesOf(entry: FileSystemEntry, inFolder: boolean): Promise<Chosen[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ file, path: inFolder ? entry.fullPath.replace(/^\//, "") : null }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Chosen[] = [];
  for (;;) {
    // A hundred at a time, until none are left.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one, true)));
  }
}
