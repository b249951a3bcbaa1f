import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { listen } from "./loopback.ts";

/** A mail as the server got it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, header and parts still encoded. */
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** What the server of a test does otherwise. */
type MailServerWish = Pick<SMTPServerOptions, "secure" | "key" | "cert" | "onRcptTo" | "onMailFrom" | "onConnect"> & {
  /** No TLS is offered. */
  readonly plain?: true;
  readonly account?: { readonly user: string; readonly password: string };
};

/** A mail server on a free port of this machine. */
export interface MailServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Connections that are open now. */
  connections(): number;
  stop(): Promise<void>;
}

/** Starts a mail server that keeps what it gets. */
export async function startMailServer({ plain, account, ...wish }: MailServerWish = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    ...wish,
    ...{ logger: false, closeTimeout: 1, authOptional: account === undefined },
    disabledCommands: [...(plain ? ["STARTTLS"] : []), ...(account ? [] : ["AUTH"])],
    onAuth: ({ username, password }, _session, answer) => {
      const isRight = username === account?.user && password === account?.password;
      answer(isRight ? null : new Error("no such account"), isRight ? { user: username } : undefined);
    },
    onData: (stream, session, answer) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => void parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        const user = typeof session.user === "string" ? session.user : undefined;
        mails.push({ from, to, raw: Buffer.concat(parts).toString("utf8"), secure: session.secure, user });
        answer();
      });
    },
  });
  // A client that leaves in the middle is what some tests are about.
  server.on("error", () => {});
  const address = await listen(server.server);
  return {
    port: Number(address.split(":").at(-1)),
    mails,
    connections: () => server.connections.size,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The lines of a mail's header, unfolded. */
export const headerOf = (raw: string): string[] =>
  (raw.split("\r\n\r\n")[0] ?? "").replace(/\r\n[ \t]+/g, " ").split("\r\n");

/** The decoded parts of a mail: plain text and HTML. */
export function partsOf(raw: string): { readonly text: string; readonly html: string } {
  const parts = raw.split(/\r\n--[^\r\n]+/).slice(1);
  const of = (type: string) => decodedPart(parts.find((part) => part.includes(`Content-Type: ${type}`)) ?? "");
  return { text: of("text/plain"), html: of("text/html") };
}

function decodedPart(part: string): string {
  const at = part.indexOf("\r\n\r\n");
  const [head, body] = [part.slice(0, at), part.slice(at + 4)];
  if (head.includes("base64")) return Buffer.from(body, "base64").toString("utf8");
  if (!head.includes("quoted-printable")) return body;
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
