import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, sameText } from "../core/index.ts";
import { CommandFailure } from "./failure.ts";
import { type Ending, loopbackHeaders, loopbackPage } from "./loopback-page.ts";

const path = "/callback";

/** A browser sends its request in one piece, in milliseconds: who takes longer only holds a connection. */
const slowest = 10_000;

/** The browser that came back. */
export interface Arrival {
  /** Path and query. */
  readonly callback: string;
  /** Tells the person in the browser how it ended; resolves when that is said. */
  answer(ending: Ending): Promise<void>;
}

/** What is waited for, and how long. */
interface Patience {
  readonly seconds: number;
  readonly fix: string;
  /** The `state` of the request: an answer without it belongs to somebody else. */
  readonly state: string;
}

/** An address on this machine to which a browser comes back (RFC 8252 section 7.3). */
export interface LoopbackRedirect {
  readonly redirectUri: string;
  /**
   * Waits for the browser to come back with a code or an error of this very request. Anything else that knocks (any page
   * in any browser of this machine can) is told that there is nothing, and changes nothing.
   */
  arrival(clock: Clock, patience: Patience): Promise<Arrival>;
  close(): void;
}

/** Opens it on a free port, or on this one. */
export async function openLoopbackRedirect(port = 0): Promise<LoopbackRedirect> {
  const server = await listen(port);
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    arrival: async (clock, { seconds, fix, state }) => {
      const done = new AbortController();
      const late = clock.sleep(seconds * 1000, done.signal).then(() => undefined);
      const first = await Promise.race([arrived(server, state), late]);
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
  const server = createServer({
    headersTimeout: slowest,
    requestTimeout: slowest,
    connectionsCheckingInterval: slowest,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

function arrived(server: Server, state: string): Promise<Arrival> {
  const ended = Promise.withResolvers<Ending>();
  const said: Promise<void>[] = [];
  return new Promise<Arrival>((resolve) => {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      if (!isOurs(request, state)) {
        response.writeHead(404, loopbackHeaders).end();
        return;
      }
      // A reload asks the same again, and is told the same.
      said.push(ended.promise.then((ending) => answerPage(request, response, ending)));
      resolve({
        callback: request.url ?? "",
        answer: async (ending) => {
          ended.resolve(ending);
          await Promise.all(said);
        },
      });
    });
  });
}

/** An answer to our request (RFC 6749 sections 4.1.2 and 4.1.2.1, 10.12): each parameter once, and with our `state`. */
function isOurs({ method, url = "" }: IncomingMessage, state: string): boolean {
  const at = url.indexOf("?");
  if (method !== "GET" || at < 0 || url.slice(0, at) !== path) return false;
  const query = new URLSearchParams(url.slice(at));
  const [found, ...more] = query.getAll("state");
  const outcomes = [...query.getAll("code"), ...query.getAll("error")];
  return found !== undefined && more.length === 0 && outcomes.length === 1 && sameText(found, state);
}

const answerPage = (request: IncomingMessage, response: ServerResponse, ending: Ending): Promise<void> =>
  new Promise((resolve) => {
    const { headers, text } = loopbackPage(request, ending);
    response.once("finish", resolve).once("close", resolve);
    response.writeHead(200, headers).end(text);
  });
