/** Documents: the list, or one of them. */
import type { PageProps } from "../../routes.ts";
import { DocumentPage } from "./document.tsx";
import "./documents.css";
import { DocumentsPage } from "./documents.tsx";

export default function Documents({ params }: PageProps) {
  return params.id ? <DocumentPage id={params.id} key={params.id} /> : <DocumentsPage />;
}
