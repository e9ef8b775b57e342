/** What all Office packages have in common: XML parts, relations between them, a title, a container for secrets. */
import { AppError } from "../../../errors.ts";
import { clean } from "./encoding.ts";
import { attribute, scanXml } from "./xml.ts";
import { openZip, readPart, type Zip } from "./zip.ts";

/**
 * Opens an Office file.
 * @param kind as people call it: `Word`, `Excel`, `PowerPoint`
 * @throws AppError `encrypted_document` | `broken_document`
 */
export function openOffice(bytes: Uint8Array, kind: string): Zip {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw oldContainer(bytes, kind);
  return openZip(bytes);
}

/** Office wraps a document with a password in the container of its old formats. */
function oldContainer(bytes: Uint8Array, kind: string): AppError {
  const names = new TextDecoder("utf-16le").decode(bytes.subarray(0, bytes.length & ~1));
  return names.includes("EncryptedPackage")
    ? new AppError("encrypted_document", {
        detail: "The document asks for a password; upload a copy without one.",
      })
    : new AppError("broken_document", {
        detail: `This is a document in ${kind}'s old format under a new name; save it in the current one.`,
      });
}

/** A part as text, or null when there is none of that name. */
export function xmlOf(zip: Zip, name: string): string | null {
  const bytes = readPart(zip, name);
  if (!bytes) return null;
  const wide = bytes[0] === 0xff || bytes[0] === 0xfe;
  return clean(new TextDecoder(wide ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes));
}

export type Relation = { id: string; type: string; target: string };

/** Where a part points to, in order; `type` is the last word of the type, `target` the full name of a part. */
export function relationsOf(zip: Zip, part: string): Relation[] {
  const folder = part.slice(0, part.lastIndexOf("/") + 1);
  const relations: Relation[] = [];
  scanXml(xmlOf(zip, `${folder}_rels/${part.slice(folder.length)}.rels`) ?? "", {
    open: (name, attributes) => {
      if (name !== "Relationship" || attribute(attributes, "TargetMode") === "External") return;
      relations.push({
        id: attribute(attributes, "Id") ?? "",
        type: (attribute(attributes, "Type") ?? "").replace(/^.*\//, ""),
        target: resolvePart(folder, attribute(attributes, "Target") ?? ""),
      });
    },
    close: () => {},
    text: () => {},
  });
  return relations;
}

/** A name relative to a folder (`xl/`, `../media/a.xml`) as the zip has it; an absolute one loses its slash. */
export function resolvePart(folder: string, target: string): string {
  const path: string[] = [];
  for (const step of (target.startsWith("/") ? target : folder + target).split("/")) {
    if (step === "..") path.pop();
    else if (step !== "" && step !== ".") path.push(step);
  }
  return path.join("/");
}

/** Where the content begins: the package's own relation to its main part. */
export function mainPart(zip: Zip, usual: string): string {
  return relationsOf(zip, "").find(({ type }) => type === "officeDocument")?.target || usual;
}

export function readCoreTitle(zip: Zip): string | null {
  let inTitle = false;
  let title = "";
  scanXml(xmlOf(zip, "docProps/core.xml") ?? "", {
    open: (name) => {
      inTitle = name === "title";
    },
    close: () => {
      inTitle = false;
    },
    text: (value) => {
      if (inTitle) title += value;
    },
  });
  return title.replace(/\s+/g, " ").trim() || null;
}
