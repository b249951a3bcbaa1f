import { constants, randomUUID } from "node:crypto";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Clock, every, Fault, systemRandom, tlsSuites } from "../core/index.ts";
import { type AnswerBroken, longestRead } from "./head.ts";
import { whoListens } from "./listener.ts";

/** A listening server. */
export interface Listening {
  readonly port: number;
  /** Stops taking requests, lets those under way finish (S-69), ends the rest after `graceMillis`. */
  close(graceMillis: number): Promise<void>;
}

/** Where to listen; `tls` holds PEM texts. */
interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Answers 503 until the broker is ready: the port is taken first, before anything is touched (S-82). */
export interface StartupGate {
  readonly listener: RequestListener;
  /** From now on requests go to this. */
  open(to: RequestListener): void;
}

/** While leaving, connections without a request are looked for this often. */
const idleEveryMs = 50;

/** A request that comes too early is told to come again. */
export function createStartupGate(): StartupGate {
  let inside: RequestListener | undefined;
  return {
    listener: (request, response) => {
      if (inside) return void inside(request, response);
      response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store", "retry-after": "1" });
      response.end(JSON.stringify({ error: "temporarily_unavailable", error_description: "the broker is starting" }));
    },
    open: (to) => {
      inside = to;
    },
  };
}

function whyNot(cause: Error, port: number): string {
  const who = whoListens(port);
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `the address is in use${who === undefined ? "" : ` by ${who}`}; end what listens there, or choose another port`,
    EACCES: "this port needs more rights; choose one from 1024 on, or give CAP_NET_BIND_SERVICE",
    EADDRNOTAVAIL: "this machine has no such address; choose one of its own",
    ENOTFOUND: "no such host is known; name an address of this machine",
  };
  const code = "code" in cause ? String(cause.code) : cause.name;
  return reasons[code] ?? code;
}

/** A ticket's key opens every session that was resumed with it, so it lives for a day at most (RFC 9325 section 3.4). */
const ticketKeyMillis = 86_400_000;

/** TLS as RFC 9325 (BCP 195) wants it, whatever Node's defaults or its command line say. */
function secureServer(options: object, tls: NonNullable<ListenOptions["tls"]>, app: RequestListener): HttpsServer {
  const server = createHttpsServer(
    {
      ...options,
      ...tls,
      minVersion: "TLSv1.2",
      ciphers: tlsSuites,
      honorCipherOrder: true,
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    },
    app,
  );
  const stop = every(ticketKeyMillis, () => server.setTicketKeys(systemRandom.bytes(48)));
  return server.once("close", stop);
}

/** With a certificate and key that OpenSSL takes; `config check` says more of those that it does not. */
function secured(...of: Parameters<typeof secureServer>): HttpsServer {
  try {
    return secureServer(...of);
  } catch (cause) {
    const message = "its certificate and key cannot be used; cloudpass config check says why";
    throw new Fault("TLS", "opening the listener", { cause, retryable: false, message });
  }
}

/** CONNECT asks for a proxy. */
const noProxy = Object.assign(new Error("CONNECT"), { code: "HPE_INVALID_METHOD" });

/** Starts listening; what is no request is answered by `broken`. Throws `Fault` when the port cannot be had. */
export async function listen(
  app: RequestListener,
  options: ListenOptions,
  clock: Clock,
  broken?: AnswerBroken,
): Promise<Listening> {
  // Slow headers are cut at 10 s, slow bodies a little after our own answer to them (Node looks every 30 s if not told
  // otherwise); keep-alive outlives that of common load balancers (60 s), so that they close first.
  const common = {
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: longestRead,
    // Looked for in the front, which says what is missing.
    requireHostHeader: false,
  };
  const server: Server = options.tls ? secured(common, options.tls, app) : createHttpServer(common, app);
  if (broken) {
    server.on("clientError", (error, socket) => broken(error, socket, randomUUID()));
    server.on("connect", (_request, socket) => broken(noProxy, socket, randomUUID()));
  }
  server.on("checkExpectation", app); // no expectation is known here: the request counts (RFC 9110 section 10.1.1)
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const message = whyNot(cause, options.port);
      reject(
        new Fault("network", `listening on ${options.host}:${options.port}`, { cause, retryable: false, message }),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async (graceMillis) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Also those whose last request ends meanwhile: kept open by their clients, they would hold us for the whole time.
      const stopLooking = every(idleEveryMs, () => server.closeIdleConnections());
      const enough = new AbortController();
      const patience = clock.sleep(graceMillis, enough.signal).then(() => server.closeAllConnections());
      await closed;
      stopLooking();
      enough.abort();
      await patience;
    },
  };
}
