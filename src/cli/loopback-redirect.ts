import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, type Random, sameText, systemRandom, token } from "../core/index.ts";
import { CommandFailure } from "./failure.ts";
import { type Ending, loopbackHeaders, loopbackPage } from "./loopback-page.ts";

const path = "/callback";

/** A browser that is led to the last page asks for it at once, or never: so long is it waited for, in milliseconds. */
const followsWithin = 2_000;

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

/** The same, of who has another way besides. */
interface Waiting extends Pick<Patience, "seconds" | "state"> {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** An address on this machine to which a browser comes back (RFC 8252 section 7.3). */
export interface LoopbackRedirect {
  readonly redirectUri: string;
  /**
   * Waits for the browser to come back with a code or an error of this very request. Anything else that knocks (any page
   * in any browser of this machine can) is told that there is nothing, and changes nothing.
   */
  arrival(clock: Clock, patience: Patience): Promise<Arrival>;
  /** The same; `undefined` when nobody came in time, or nobody waits any more. */
  arrivalOrNone(clock: Clock, waiting: Waiting): Promise<Arrival | undefined>;
  /**
   * A short address on this machine that leads to a long one. Its path cannot be guessed: who knows the long one can
   * answer with a code of another person.
   */
  shortLink(url: string, random?: Random): string;
  close(): void;
}

/** Opens it on a free port, or on this one. */
export async function openLoopbackRedirect(port = 0): Promise<LoopbackRedirect> {
  const server = await listen(port);
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const links = new Map<string, string>();
  const arrivalOrNone = async (clock: Clock, { seconds, state, signal }: Waiting): Promise<Arrival | undefined> => {
    const done = new AbortController();
    const late = clock.sleep(seconds * 1000, AbortSignal.any([done.signal, signal])).then(() => undefined);
    const first = await Promise.race([arrived(server, { state, links, clock }), late]);
    done.abort();
    return first;
  };
  return {
    redirectUri: `${root}${path}`,
    arrival: async (clock, { seconds, fix, state }) => {
      const first = await arrivalOrNone(clock, { seconds, state, signal: new AbortController().signal });
      if (first) return first;
      throw new CommandFailure("nobody confirmed in time", { fix });
    },
    arrivalOrNone,
    shortLink: (url, random = systemRandom) => {
      const short = `/${token(random, 6)}`;
      links.set(short, url);
      return `${root}${short}`;
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
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (port === 0) return reject(cause);
      reject(
        new CommandFailure(`port ${port} of this machine cannot be used (${cause.code})`, {
          means: "The browser would come back to another program.",
          fix: "give another one, or end the program that has it",
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

/** What is kept beside a port while somebody is waited for. */
interface Waited {
  readonly state: string;
  readonly links: ReadonlyMap<string, string>;
  readonly clock: Clock;
}

/**
 * The last page has a short address of its own: the one that the browser came with holds a code, which would stand in its
 * history and before whoever looks at the screen.
 */
function arrived(server: Server, { state, links, clock }: Waited): Promise<Arrival> {
  const ended = Promise.withResolvers<Ending>();
  const seen = new AbortController();
  const lastPath = `/done/${token(systemRandom, 6)}`;
  let said: Ending | undefined;
  const answer = async (ending: Ending) => {
    said ??= ending;
    ended.resolve(said);
    await clock.sleep(followsWithin, seen.signal);
  };
  return new Promise<Arrival>((resolve) => {
    server.removeAllListeners("request").on("request", (request: IncomingMessage, response: ServerResponse) => {
      const long = request.method === "GET" ? links.get(request.url ?? "") : undefined;
      if (long !== undefined) return leadTo(long, response);
      if (said !== undefined && request.method === "GET" && request.url === lastPath) {
        return void answerPage(request, response, said).then(() => seen.abort());
      }
      if (!isOurs(request, state)) {
        response.writeHead(404, loopbackHeaders).end();
        return;
      }
      // A reload asks the same again, and is told the same.
      void ended.promise.then(() => leadTo(lastPath, response));
      resolve({ callback: request.url ?? "", answer });
    });
  });
}

/** RFC 9110 section 15.4.4: what follows is asked for by GET. */
const leadTo = (location: string, response: ServerResponse): void =>
  void response.writeHead(303, { ...loopbackHeaders, location }).end();

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
