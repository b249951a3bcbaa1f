import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { Duplex } from "node:stream";

/** A proxy let nobody through, and said so. */
export class TunnelRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered ${status}`);
    this.status = status;
  }
}

/** Asks an HTTP proxy for a connection to exactly this address (CONNECT, RFC 9110 section 9.3.6). */
export function tunnel(proxy: URL, authority: string, signal: AbortSignal): Promise<Duplex> {
  const ask = proxy.protocol === "https:" ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = ask(proxy, {
      agent: false,
      method: "CONNECT",
      path: authority,
      headers: { host: authority },
      signal,
      maxHeaderSize: 16_384,
    });
    request.once("error", reject);
    request.once("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new TunnelRefused(statusCode));
    });
    request.once("response", (answer) => {
      answer.destroy();
      reject(new TunnelRefused(answer.statusCode ?? 0));
    });
    request.end();
  });
}
