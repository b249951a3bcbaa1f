import { createServer, type Server, type Socket } from "node:net";
import { listen } from "./loopback.ts";

/** A mail as it came: to whom, and all of it with its encodings undone. */
export interface Mail {
  readonly to: string;
  readonly text: string;
}

/** A mail server of the test's that takes everything (RFC 5321, no more of it than a client needs). */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  stop(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startMailSink(): Promise<MailSink> {
  const mails: Mail[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    let [to, text, rest, isData] = ["", "", "", false];
    const say = (line: string) => socket.write(`${line}\r\n`);
    const take = (line: string) => {
      if (isData && line !== ".") {
        text += `${line}\n`;
        return;
      }
      if (isData) {
        mails.push({ to, text: text.replace(/=\n/g, "").replace(/=3D/g, "=") });
        [text, isData] = ["", false];
        say("250 taken");
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "RCPT") to = /<([^>]*)>/.exec(line)?.[1] ?? "";
      isData = verb === "DATA";
      say(isData ? "354 go on" : verb === "QUIT" ? "221 bye" : "250 sink");
      if (verb === "QUIT") socket.end();
    };
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    say("220 sink");
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("utf8")).split("\r\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    });
  });
  const address = await listen(server);
  const stop = () => {
    for (const socket of open) socket.destroy();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { port: Number(address.split(":").pop()), mails, stop };
}
