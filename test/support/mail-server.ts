/** A real SMTP server on loopback, in the four ways one meets them, and what it received over HTTP. */
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { loopbackCertificate } from "./certificate.ts";

export type Received = { from: string; to: string[]; raw: string; user: string | null; encrypted: boolean };

export type MailServer = {
  /** `GET /?to=address` lists what arrived for it. */
  control: string;
  ports: { plain: number; starttls: number; tls: number; silent: number };
  /** Trust this to talk to `starttls` and `tls`. */
  ca: string;
  close(): Promise<void>;
};

const MAIL_USER = "mailer";
const MAIL_PASSWORD = "pässword: 1%/@";

/** The recipient's name says what happens: `refuse…` is unknown, `hang-up…` loses the connection. */
export async function startMailServer(): Promise<MailServer> {
  const received: Received[] = [];
  const { cert, key } = loopbackCertificate();
  const common: SMTPServerOptions = {
    authOptional: true,
    closeTimeout: 100,
    logger: false,
    onAuth: ({ username, password }, _, done) =>
      username === MAIL_USER && password === MAIL_PASSWORD
        ? done(null, { user: username })
        : done(new Error("Invalid username or password")),
    onRcptTo: ({ address }, _, done) =>
      address.startsWith("refuse") ? done(new Error(`${address} is unknown`)) : done(),
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      let raw = "";
      stream.setEncoding("utf8");
      stream.on("data", (piece: string) => {
        raw += piece;
      });
      stream.on("end", () => {
        if (to.some((address) => address.startsWith("hang-up"))) {
          for (const connection of servers.flatMap((server) => [...server.connections])) connection.close();
          return;
        }
        const from = mailFrom ? mailFrom.address : "";
        received.push({
          from,
          to,
          raw,
          user: session.user ? String(session.user) : null,
          encrypted: session.secure,
        });
        done();
      });
    },
  };
  const servers = [
    new SMTPServer({ ...common, disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
    new SMTPServer({ ...common, cert, key }),
    new SMTPServer({ ...common, cert, key, secure: true }),
  ];
  const waiting = new Set<Socket>();
  const silent = createSocketServer((socket) => void waiting.add(socket.on("error", () => undefined)));
  const control = createServer((request, response) => {
    const to = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("to") ?? "";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(received.filter((mail) => mail.to.includes(to))));
  });
  for (const server of servers) server.on("error", () => undefined);
  const all: Server[] = [...servers.map((server) => server.server as Server), silent, control];
  const [plain = 0, starttls = 0, tls = 0, quiet = 0, http = 0] = await Promise.all(all.map(listen));
  return {
    control: `http://127.0.0.1:${http}`,
    ports: { plain, starttls, tls, silent: quiet },
    ca: cert,
    async close() {
      control.closeAllConnections();
      for (const socket of waiting) socket.destroy();
      silent.close();
      control.close();
      await Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
