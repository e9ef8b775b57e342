/** A door to the stack that signs in whoever comes through it, for programs that cannot show a credential. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type Door = { url: string; close(): Promise<void> };

/** @param token of whom everybody is taken for */
export async function openDoor(stackUrl: string, token: string): Promise<Door> {
  const server = createServer((asked, answer) => {
    const onward = request(new URL(asked.url ?? "/", stackUrl).href, {
      method: asked.method,
      headers: { ...asked.headers, authorization: `Bearer ${token}` },
    });
    onward.on("response", (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
