import http, {
  type ClientRequestArgs,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import https, { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Clock, Fault, type Random, type Secret } from "../core/index.ts";
import { readLimited } from "./limited-body.ts";

/** Time and chance, for waiting between tries. */
export interface HttpClientDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every request that is sent, also of a second try. */
  readonly onRequest?: () => void;
}

/** Whom we believe, and as whom we come. */
interface TlsTrust {
  /** Authority of the server's certificate, when the system's do not include it. */
  readonly caPem?: string;
  readonly clientCertificatePem?: string;
  readonly clientKeyPem?: Secret;
}

/** One call. */
export interface HttpRequest {
  /** What we are doing, for people: "list domains". */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Doing it twice is as good as once: only then it is tried again. */
  readonly idempotent: boolean;
}

/** The server's answer, whatever its status (but for the ones that say "not now"). */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The JSON of an answer; `undefined` when it is not JSON, which a schema then refuses. */
export function jsonOf(answer: HttpResponse): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

/** Asks a server. Throws `Fault` when it cannot be reached in time, or says 429, 502, 503 or 504 to the last try. */
type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

const tries = 4;
const firstPauseMs = 200;
const timeoutMs = 30_000;
/** A list of a hundred thousand assignments is about 40 MiB. */
const largestAnswer = 64 * 1024 * 1024;
const notNow = new Set([429, 502, 503, 504]);

/**
 * Makes the one way by which targets are reached: http(s) without redirects (they could carry a token elsewhere), bounded
 * in time and size, a few connections kept. `dependency` is the name in faults: "keystone gx1".
 */
export function createHttpClient(
  dependency: string,
  trust: TlsTrust,
  { clock, random, onRequest }: HttpClientDeps,
): HttpClient {
  const tls: AgentOptions = {
    ...(trust.caPem !== undefined && { ca: trust.caPem }),
    ...(trust.clientCertificatePem !== undefined && { cert: trust.clientCertificatePem }),
    ...(trust.clientKeyPem !== undefined && { key: trust.clientKeyPem.reveal() }),
    minVersion: "TLSv1.2",
  };
  const limits = { maxSockets: 8, maxFreeSockets: 4 };
  const [plain, secure] = [
    { ...limits, ...proxiesOf(http) },
    { ...tls, ...limits, ...proxiesOf(https) },
  ];
  const kept = {
    http: new HttpAgent({ ...plain, keepAlive: true }),
    https: new HttpsAgent({ ...secure, keepAlive: true }),
  };
  const fresh = { http: new HttpAgent(plain), https: new HttpsAgent(secure) };
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const last = !request.idempotent || attempt === tries;
      onRequest?.();
      try {
        // A kept connection may be closed by the server just now; what may not be repeated gets one of its own.
        const answer = await exchange(request, request.idempotent ? kept : fresh);
        if (!notNow.has(answer.status)) return answer;
        if (last) throw new Fault(dependency, request.operation, { message: `it answers ${answer.status}` });
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        if (last) throw new Fault(dependency, request.operation, { cause, message: formatFailure(cause) });
      }
      const pause = firstPauseMs * 2 ** (attempt - 1);
      await clock.sleep(pause + random.below(pause));
    }
  };
}

/** The proxies of the process, as the command set them for all its ways out; an agent of one's own has none by itself. */
function proxiesOf({ globalAgent }: { globalAgent: HttpAgent }): Pick<AgentOptions, "proxyEnv"> {
  const { proxyEnv } = (globalAgent as { options?: Pick<AgentOptions, "proxyEnv"> }).options ?? {}; // not in its types
  return proxyEnv === undefined ? {} : { proxyEnv };
}

function exchange(
  { method, url, headers, body }: HttpRequest,
  agents: { http: HttpAgent; https: HttpsAgent },
): Promise<HttpResponse> {
  const secure = url.startsWith("https:");
  const options: ClientRequestArgs = {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }) },
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const answered = (message: IncomingMessage) => readResponse(message).then(resolve, reject);
    const request = secure
      ? httpsRequest(url, { ...options, agent: agents.https }, answered)
      : httpRequest(url, { ...options, agent: agents.http }, answered);
    request.on("error", reject);
    request.end(body);
  });
}

async function readResponse(message: IncomingMessage): Promise<HttpResponse> {
  const body = await readLimited(message, largestAnswer);
  if (body === "too large") throw Object.assign(new Error("the answer is too large"), { code: "TOO_LARGE" });
  return { status: message.statusCode ?? 0, headers: message.headers, body: body.toString("utf8") };
}

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; is it running, is the address right?",
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNRESET: "it broke the connection",
  ETIMEDOUT: "it does not answer",
  ABORT_ERR: `it did not answer within ${timeoutMs / 1000} s`,
  TOO_LARGE: "its answer is larger than 64 MiB",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself; name its authority",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate's authority is not trusted; name it",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate's authority is not trusted; name it",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

/** Known causes in words; the text of an unknown one may hold anything and stays in `cause`. */
function formatFailure(cause: unknown): string {
  const of = (value: unknown, name: string) =>
    typeof value === "object" && value !== null && name in value ? String(Reflect.get(value, name)) : "";
  const timeout = of(cause, "name") === "TimeoutError" || of(cause, "name") === "AbortError" ? "ABORT_ERR" : "";
  return failures[timeout || of(cause, "code")] ?? "it could not be reached";
}
