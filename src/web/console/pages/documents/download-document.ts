/** A document's file, as it was uploaded. */
import { download } from "../../download.ts";
import { client, given } from "../../typed.ts";

/** @param version the published one when absent. @throws Problem */
export function downloadDocument(id: string, name: string, version?: number): Promise<void> {
  const params = { path: { id }, query: given({ version }) };
  return download(client.GET("/api/v1/documents/{id}/content", { params, parseAs: "blob" }), name);
}
