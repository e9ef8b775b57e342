/** Keeps two stacks from opening the same data folder. */
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";

/** A process id would do until it is reused (in a container it is the same at every start); a socket answers for itself. */
type Holder = { port: number; id: string };

function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Partial<Holder>;
    return typeof holder.port === "number" && typeof holder.id === "string"
      ? { port: holder.port, id: holder.id }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Does whoever wrote `holder` still run? */
function alive({ port, id }: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (data) => {
      said += data.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(said === id));
  });
}

/**
 * Claims `folder` for this process until the returned function is called or the process ends.
 * @throws Error with one sentence when another process has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const file = join(folder, "lock");
  const id = randomUUID();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(id);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  const draft = `${file}.${id}`;
  writeFileSync(draft, JSON.stringify({ port, id } satisfies Holder), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // Unlike a write, a link either creates the file whole or fails because it exists.
        linkSync(draft, file);
        return () => {
          server.close();
          if (read(file)?.id === id) rmSync(file, { force: true });
        };
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
      }
      const holder = read(file);
      if (holder && (await alive(holder)))
        throw new Error(`${folder} is in use: a stack is already running on it. Stop that one first.`);
      if (read(file)?.id === holder?.id) rmSync(file, { force: true });
    }
    throw new Error(`${folder} is being opened by another stack at this moment; try again.`);
  } catch (thrown) {
    server.close();
    throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
}
