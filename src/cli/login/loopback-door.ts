import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../core/index.ts";
import { CommandFailure } from "../failure.ts";

const path = "/callback";

/** The browser that came back. */
export interface Arrival {
  /** Path and query. */
  readonly callback: string;
  /** Tells the person in the browser how it ended. */
  answer(title: string, says: string): void;
}

/** An address on this machine to which a browser comes back (RFC 8252 section 7.3). */
export interface Door {
  readonly redirectUri: string;
  /** Waits for the browser to come back with a code or an error. Anything else that knocks is told there is nothing. */
  arrival(clock: Clock, patience: { readonly seconds: number; readonly fix: string }): Promise<Arrival>;
  close(): void;
}

/** Opens it on a free port, or on this one. */
export async function openDoor(port = 0): Promise<Door> {
  const server = await listen(port);
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    arrival: async (clock, { seconds, fix }) => {
      const done = new AbortController();
      const late = clock.sleep(seconds * 1000, done.signal).then(() => undefined);
      const first = await Promise.race([arrived(server), late]);
      done.abort();
      if (first) return first;
      throw new CommandFailure("nobody confirmed in time", { fix });
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

const arrived = (server: Server): Promise<Arrival> =>
  new Promise<Arrival>((resolve) => {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      if (request.method !== "GET" || pathname !== path || !(searchParams.has("code") || searchParams.has("error"))) {
        response.writeHead(404).end();
        return;
      }
      resolve({ callback: request.url ?? "", answer: (title, says) => say(response, title, says) });
    });
  });

function say(response: ServerResponse, title: string, says: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${says}</p></html>`,
  );
}
