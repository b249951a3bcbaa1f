import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { listen, stopServer } from "./loopback.ts";

/** A request that came through, before it is forwarded. */
export interface PassingRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Number of the request, from 0. */
  readonly n: number;
  /** Number of the change of the administration API, from 0; absent: it changes nothing. */
  readonly change?: number;
}

/** What goes wrong with a request; `afterwards`: the server got it and did it, only the answer is lost or spoilt. */
export type Trouble =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly afterwards?: boolean;
      readonly headers?: Headers;
      readonly error?: string;
    }
  | { readonly kind: "html" }
  | { readonly kind: "half" }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "cut"; readonly afterwards?: boolean };
type Headers = Readonly<Record<string, string>>;

/** A proxy in front of a real server. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: readonly PassingRequest[];
  /** Decides about each request from now on; the default lets all pass. Counting begins anew. */
  trouble(decide: (request: PassingRequest) => Trouble | undefined): void;
  stop(): Promise<void>;
}

/** Starts a proxy for a plain-http server on loopback. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let decide: (request: PassingRequest) => Trouble | undefined = () => undefined;
  let seen: PassingRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const passing = describeRequest(incoming, Buffer.concat(pieces).toString(), seen);
      seen.push(passing);
      const onward = forwarder(target, incoming, passing.body, outgoing);
      const trouble = decide(passing);
      if (trouble === undefined) onward((end) => end());
      else make(trouble, onward, outgoing);
    });
  });
  return {
    url: `http://${await listen(server)}`,
    get seen() {
      return seen;
    },
    trouble: (next) => {
      decide = next;
      seen = [];
    },
    stop: () => stopServer(server),
  };
}

function describeRequest(
  { method = "", url = "" }: IncomingMessage,
  body: string,
  before: readonly PassingRequest[],
): PassingRequest {
  const changes = method !== "GET" && url.startsWith("/admin/") && !url.includes("/partial-export");
  const change = before.filter((r) => r.change !== undefined).length;
  return { method, path: url, body, n: before.length, ...(changes && { change }) };
}

function make(trouble: Trouble, onward: Onward, outgoing: ServerResponse): void {
  const cut = () => void outgoing.destroy();
  switch (trouble.kind) {
    case "slow":
      // The server does it at once; the answer comes late, to whoever still listens.
      onward((end) => void setTimeout(end, trouble.ms));
      return;
    case "html":
      onward(() => {
        outgoing
          .writeHead(200, { "content-type": "text/html" })
          .end("<html><title>Sign in to the network</title></html>");
      });
      return;
    case "half":
      onward((_end, body) => {
        outgoing.writeHead(200, { "content-type": "application/json", "content-length": String(body.length + 1) });
        outgoing.write(body.subarray(0, Math.floor(body.length / 2)), cut);
      });
      return;
    case "cut":
      if (trouble.afterwards) onward(cut);
      else cut();
      return;
    case "answer": {
      const answer = () => {
        const body = JSON.stringify({ error: trouble.error ?? "made by the fault proxy" });
        outgoing.writeHead(trouble.status, { "content-type": "application/json", ...trouble.headers }).end(body);
      };
      if (trouble.afterwards) onward(answer);
      else answer();
    }
  }
}

/** Passes a request on, reads the answer whole, and leaves to `finish` what becomes of it. */
type Onward = (finish: (end: () => void, body: Buffer) => void) => void;

function forwarder(target: string, incoming: IncomingMessage, body: string, outgoing: ServerResponse): Onward {
  const { host: _host, connection: _connection, "transfer-encoding": _chunked, ...rest } = incoming.headers;
  const headers = { ...rest, "content-length": String(Buffer.byteLength(body)) };
  return (finish) => {
    const onward = request(new URL(incoming.url ?? "/", target), { method: incoming.method, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        const body = Buffer.concat(pieces);
        const { "transfer-encoding": _encoding, ...kept } = answer.headers;
        finish(() => outgoing.writeHead(answer.statusCode ?? 502, kept).end(body), body);
      });
    });
    onward.on("error", () => void outgoing.destroy());
    onward.end(body);
  };
}
