import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { instant, manualClock, type Random } from "../../../src/core/index.ts";

/** One request as it arrived. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

/** What to answer; `undefined` breaks the connection. */
export type Script = (
  heard: Heard,
  count: number,
) => { status: number; headers?: Record<string, string>; body?: unknown } | undefined;

/** A server on loopback that answers by a script and keeps what it heard. */
export async function startRecorder(script: Script) {
  const heard: Heard[] = [];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const part of request) body += part;
    const one = {
      method: request.method ?? "",
      url: request.url ?? "",
      token: request.headers["x-auth-token"]?.toString(),
      body,
    };
    heard.push(one);
    const answer = script(one, heard.length);
    if (answer === undefined) return request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}));
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url, heard, stop };
}

/** A clock whose sleeps take no time and are counted, and no chance at all. */
export function stillDeps() {
  const clock = manualClock(instant(1_800_000_000));
  const random: Random = { bytes: (n) => Buffer.alloc(n), below: () => 0 };
  return { clock, random };
}
