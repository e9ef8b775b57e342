/** A document by its name, fetched when it is shown and then known. */
import { Link } from "wouter-preact";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({ gone: ["A document that is gone", "مستند لم يعد موجودًا"] });

const known = new Map<string, Promise<string>>();

function nameOf(id: string): Promise<string> {
  const before = known.get(id);
  if (before) return before;
  const name = dataOf(client.GET("/api/v1/documents/{id}", { params: { path: { id } } })).then(
    ({ document }) => document.title ?? document.name,
  );
  known.set(id, name);
  name.catch(() => known.delete(id));
  return name;
}

export function DocumentName({ id }: { id: string }) {
  const { data, problem } = useData(`document name/${id}`, () => nameOf(id));
  return <span dir="auto">{problem ? t("gone") : (data ?? "…")}</span>;
}

export const DocumentLink = ({ id }: { id: string }) => (
  <Link href={`/documents/${id}`}>
    <DocumentName id={id} />
  </Link>
);
