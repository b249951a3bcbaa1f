import { createServer, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { listen, stopServer } from "./loopback.ts";

/** An HTTP proxy on loopback that knows CONNECT and nothing else (RFC 9110 section 9.3.6). */
export interface ConnectProxy {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** What it was asked for, such as `login.example:443`. */
  readonly asked: string[];
  /** Credentials that came, decoded; "" where none did. */
  readonly credentials: string[];
  /** Connections that clients hold open. */
  open(): number;
  stop(): Promise<void>;
}

/** Starts one. Whatever is asked for, it leads to this port of the machine; with `refuse` it answers that status instead. */
export async function startConnectProxy(to: () => number, refuse?: number): Promise<ConnectProxy> {
  const server = createServer((_request, response) => response.writeHead(405).end());
  const clients = new Set<Duplex>();
  const proxy: Omit<ConnectProxy, "address"> = {
    asked: [],
    credentials: [],
    open: () => clients.size,
    stop: () => {
      for (const client of clients) client.destroy(); // a server knows nothing of those it has handed over
      return stopServer(server);
    },
  };
  server.on("connect", (request: IncomingMessage, client: Duplex) => {
    proxy.asked.push(request.url ?? "");
    const [, basic = ""] = (request.headers["proxy-authorization"] ?? "").split(" ");
    proxy.credentials.push(Buffer.from(basic, "base64").toString());
    clients.add(client);
    client.on("error", () => {}).on("close", () => clients.delete(client));
    if (refuse !== undefined) return void client.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
    const onward = connect(to(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(client);
      client.pipe(onward);
    });
    onward.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => onward.destroy());
  });
  return { ...proxy, address: await listen(server) };
}
