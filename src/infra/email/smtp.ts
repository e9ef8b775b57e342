/** E-mail through an SMTP server, over the sockets of workerd (`node:net`, `node:tls`). */
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import SMTPConnection, { type SMTPConnectionOptions } from "nodemailer/lib/smtp-connection";
import { AppError } from "../../errors.ts";
import { mimeMessage } from "./mime.ts";
import type { Email, Message } from "./port.ts";

export type SmtpConfig = {
  /** `smtps://user:password@host:465`, or `smtp://…:587` for STARTTLS. */
  url: string;
  from: { name: string; email: string };
  /** Certificates to trust besides the public ones, PEM. */
  ca?: string;
  /** Longest silence of the server, in milliseconds. */
  timeoutMs?: number;
};

/** Plain text may cross this machine only. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function smtpEmail(config: SmtpConfig): Email {
  return {
    mode: "smtp",
    async send(message) {
      try {
        await deliver(config, message);
      } catch (cause) {
        throw new AppError("email_unavailable", { cause });
      }
    },
  };
}

async function deliver(config: SmtpConfig, mail: Message): Promise<void> {
  const message = mimeMessage(mail, config.from, crypto.randomUUID(), new Date());
  const connection = await open(config);
  try {
    const { username, password } = new URL(config.url);
    await connected(connection, (done) => connection.connect(done));
    if (username !== "") {
      const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
      await connected(connection, (done) => connection.login(auth, done));
    }
    await connected(connection, (done) =>
      connection.send({ from: config.from.email, to: [mail.to] }, message, done),
    );
    connection.quit();
  } finally {
    connection.close();
  }
}

/** One step of the dialogue; an error between two steps arrives as an event. */
function connected(
  connection: SMTPConnection,
  step: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    step((error) => {
      connection.removeListener("error", reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Opens the socket here and not in the library: workerd resolves the host itself, without `node:dns`. */
async function open({ url, ca, timeoutMs = 15_000 }: SmtpConfig): Promise<SMTPConnection> {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "smtps:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const target = { host, port: Number(port) || (secure ? 465 : 587) };
  // An address is no server name (RFC 6066 §3).
  const trust = { ...(isIP(host) ? {} : { servername: host }), ...(ca === undefined ? {} : { ca }) };
  const socket = secure ? connectTls({ ...target, ...trust }) : connect(target);
  await opened(socket, secure ? "secureConnect" : "connect", timeoutMs);
  const options: SMTPConnectionOptions = {
    ...target,
    connection: socket,
    secure,
    secured: secure,
    requireTLS: !secure && !LOOPBACK.test(hostname),
    tls: trust,
    greetingTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  return new SMTPConnection(options);
}

function opened(socket: Socket, event: "connect" | "secureConnect", timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => give(new Error("the SMTP server does not answer")), timeoutMs);
    socket.once("error", give);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeListener("error", give);
      resolve();
    });
  });
}
