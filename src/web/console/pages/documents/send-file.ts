/** Sends a file and says how far it is, which `fetch` cannot. */
import { Problem } from "../../../ui/problem.ts";
import { freshToken } from "../../session.ts";

type Sent = {
  method?: "POST" | "PUT";
  path: string;
  query: Record<string, string>;
  body: FormData | File;
  /** Null when the browser says it: a form has a boundary. */
  type: string | null;
};

/** @param onSent gets the part that has left, 0 to 1. @throws Problem */
export async function sendFile<T>(
  { method = "POST", path, query, body, type }: Sent,
  onSent: (part: number) => void,
): Promise<T> {
  const token = await freshToken();
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, `/api/v1/${path}?${new URLSearchParams(query)}`);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    if (type) request.setRequestHeader("content-type", type);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Problem(0, { code: "offline" }));
    request.onload = () =>
      request.status < 300
        ? resolve(request.response as T)
        : reject(new Problem(request.status, request.response ?? {}));
    request.send(body);
  });
}
