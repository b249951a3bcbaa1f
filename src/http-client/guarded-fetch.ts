import type { X509Certificate } from "node:crypto";
import { lookup } from "node:dns/promises";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { type RequestOptions, request as tlsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { TLSSocket, connect as tlsConnect } from "node:tls";
import { Bug, err, ok, type Result } from "../core/index.ts";
import { type AddressRanges, addressRanges, isPublic } from "./addresses.ts";
import { readLimited } from "./limited-body.ts";
import { TunnelRefused, tunnel } from "./tunnel.ts";

/** What may be asked, and how long and how much of it. */
export interface FetchRules {
  /** Ranges that the operator opens though they are not public; only there plain http and other ports are allowed. */
  readonly allow?: AddressRanges;
  /** PEM certificates of authorities trusted besides the public ones. */
  readonly ca?: string;
  /** For the whole request, name resolution included; default 5 000 ms. */
  readonly timeoutMs?: number;
  /** Of the body; default 256 KiB. */
  readonly maxBytes?: number;
  /** An HTTP proxy for whatever lies outside `allow`; it is asked for the checked address and never for a name. */
  readonly proxy?: string | undefined;
  /** Finds a name's addresses; default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

/** Why nothing was fetched. `says` is a sentence for the operator and repeats nothing of the answer. */
export interface FetchRefusal {
  readonly code:
    | "url"
    | "scheme"
    | "port"
    | "address"
    | "resolution"
    | "connection"
    | "certificate"
    | "timeout"
    | "redirect"
    | "status"
    | "media-type"
    | "size";
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** Of OpenSSL or Node, such as `CERT_HAS_EXPIRED`. */
  readonly detail?: string;
}

/** An answer with status 200, or another that was wished for. */
export interface Fetched {
  readonly status: number;
  readonly text: string;
  /** The server's clock, where it said. */
  readonly date?: Date;
  /** From the server's own certificate upwards; absent for plain http. */
  readonly chain?: readonly X509Certificate[];
}

/** What is expected and sent. */
export interface FetchWish {
  /** Acceptable media types; default: JSON and its `+json` kin. */
  readonly mediaTypes?: RegExp;
  /** Statuses that are an answer besides 200. */
  readonly statuses?: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly form?: URLSearchParams;
  /** JSON, sent by POST as it stands. */
  readonly json?: string;
}

/** Asks one URL. Never throws. */
export type GuardedFetch = (url: string, wish?: FetchWish) => Promise<Result<Fetched, FetchRefusal>>;

/** Says whether a URL may be asked, without asking it: for addresses that others will ask (S-40). Never throws. */
export type Gate = (url: string) => Promise<Result<GatedUrl, FetchRefusal>>;

/** A URL that may be asked, at this address and no other. */
interface GatedUrl {
  readonly url: URL;
  readonly address: string;
}

const json = /^application\/(?:[a-z0-9.-]+\+)?json$/;
const schemes = new Set(["https:", "http:"]);

/** Makes the one way to ask a server that somebody else named (S-38 to S-40). */
export function makeGuardedFetch(rules: FetchRules = {}): GuardedFetch {
  return async (text, wish = {}) => {
    const deadline = AbortSignal.timeout(rules.timeoutMs ?? 5000);
    const gated = await pass(text, rules, deadline);
    return gated.ok ? send(gated.value, rules, wish, deadline) : gated;
  };
}

/** The rules for an operator's ranges, such as `192.168.7.0/24`; checked before, where they were read. */
export function rulesFor(allow: readonly string[], more: Omit<FetchRules, "allow"> = {}): FetchRules {
  const ranges = addressRanges(allow);
  if ("wrong" in ranges) throw new Bug(`not a range of addresses: ${ranges.wrong}`);
  return { ...more, allow: ranges };
}

/** Makes the gate alone. */
export const makeGate =
  (rules: FetchRules = {}): Gate =>
  (text) =>
    pass(text, rules, AbortSignal.timeout(rules.timeoutMs ?? 5000));

async function pass(text: string, rules: FetchRules, deadline: AbortSignal): Promise<Result<GatedUrl, FetchRefusal>> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return refuse("url", "this is not a URL to ask");
  if (!schemes.has(url.protocol)) return refuse("scheme", "only https is asked");
  const address = await addressOf(url, rules, deadline);
  if (!address.ok) return address;
  const open = rules.allow?.has(address.value) ?? false;
  if (!open && url.protocol !== "https:")
    return refuse("scheme", "only https is asked; plain http can be read and changed on the way");
  if (!open && url.port !== "") return refuse("port", "only https on its default port 443 is asked");
  return ok({ url, address: address.value });
}

const refuse = (
  code: FetchRefusal["code"],
  message: string,
  more: Pick<FetchRefusal, "status" | "detail"> = {},
): Result<never, FetchRefusal> => err({ code, message, ...more });

/**
 * The address that is checked is the one that is then connected to: a name that answers a public address to the check and
 * a private one to the connection (rebinding, S-39) is asked once. One bad address among several refuses the name.
 */
async function addressOf(url: URL, rules: FetchRules, deadline: AbortSignal): Promise<Result<string, FetchRefusal>> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const resolve = rules.resolve ?? systemResolve;
  let found: readonly string[];
  try {
    found = isIP(host) === 0 ? await beforeDeadline(resolve(host), deadline) : [host];
  } catch {
    if (deadline.aborted) return refuse("timeout", "its name was not resolved in time");
    return refuse("resolution", "its name has no address");
  }
  const bad = found.find((address) => !isPublic(address) && !rules.allow?.has(address));
  if (bad !== undefined) return refuse("address", `it lies at ${bad}, which is not a public address`);
  const [first] = found;
  return first === undefined ? refuse("resolution", "its name has no address") : ok(first);
}

const systemResolve = async (hostname: string): Promise<readonly string[]> =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

const beforeDeadline = <T>(work: Promise<T>, deadline: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      deadline.addEventListener("abort", () => reject(deadline.reason as Error), { once: true });
    }),
  ]);

/**
 * The way to the checked address and no other. The name stays in `Host`, in TLS' server name and in the check of the
 * certificate. `agent: false` also keeps the proxies of the environment out, which would resolve the name again (S-39).
 */
async function wayTo({ url, address }: GatedUrl, rules: FetchRules, deadline: AbortSignal): Promise<RequestOptions> {
  const family = isIP(address);
  if (rules.proxy !== undefined && !rules.allow?.has(address)) {
    const authority = family === 6 ? `[${address}]:443` : `${address}:443`;
    const socket = await tunnel(new URL(rules.proxy), authority, deadline);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const named = isIP(host) === 0 ? { servername: host } : {};
    const ca = rules.ca === undefined ? {} : { ca: rules.ca };
    return { createConnection: () => tlsConnect({ socket, host, ...named, ...ca }) };
  }
  const lookup: LookupFunction = (_name, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
  return { agent: false, lookup };
}

async function send(
  gated: GatedUrl,
  rules: FetchRules,
  wish: FetchWish,
  deadline: AbortSignal,
): Promise<Result<Fetched, FetchRefusal>> {
  const { url } = gated;
  let way: RequestOptions;
  try {
    way = await wayTo(gated, rules, deadline);
  } catch (problem) {
    return formatError(problem as Error, deadline);
  }
  return new Promise((resolve) => {
    const request = (url.protocol === "https:" ? tlsRequest : plainRequest)(url, {
      ...way,
      signal: deadline,
      method: wish.form === undefined && wish.json === undefined ? "GET" : "POST",
      headers: {
        accept: "*/*",
        "user-agent": "cloudpass",
        ...(wish.form !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        ...(wish.json !== undefined && { "content-type": "application/json" }),
        ...wish.headers,
      },
      maxHeaderSize: 16_384,
      ...(rules.ca !== undefined && { ca: rules.ca }),
    });
    request.on("error", (error) => resolve(formatError(error, deadline)));
    request.on("response", (answer) => {
      readAnswer(answer, rules, wish).then(resolve, (error: Error) => resolve(formatError(error, deadline)));
    });
    request.end(wish.json ?? wish.form?.toString());
  });
}

async function readAnswer(
  answer: IncomingMessage,
  rules: FetchRules,
  wish: FetchWish,
): Promise<Result<Fetched, FetchRefusal>> {
  const status = answer.statusCode ?? 0;
  const giveUp = (code: FetchRefusal["code"], message: string) => {
    answer.destroy();
    return refuse(code, message, { status });
  };
  if (status >= 300 && status < 400) return giveUp("redirect", "it redirects; write the final address");
  if (status !== 200 && !wish.statuses?.includes(status)) return giveUp("status", `it answers HTTP ${status}`);
  const mediaType = (answer.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!(wish.mediaTypes ?? json).test(mediaType))
    return giveUp("media-type", "its answer is not of the kind asked for");
  const max = rules.maxBytes ?? 256 * 1024;
  const chain = answer.socket instanceof TLSSocket ? chainOf(answer.socket.getPeerX509Certificate()) : undefined;
  const body = await readLimited(answer, max);
  if (body === "too large") return giveUp("size", `its answer is larger than ${Math.round(max / 1024)} KiB`);
  const date = Date.parse(answer.headers.date ?? "");
  return ok({
    status,
    text: body.toString("utf8"),
    ...(!Number.isNaN(date) && { date: new Date(date) }),
    ...(chain && { chain }),
  });
}

function chainOf(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const chain = new Map<string, X509Certificate>();
  // A root names itself as its issuer; the check for repetition ends the walk there.
  for (let at = leaf; at !== undefined && !chain.has(at.fingerprint256); at = at.issuerCertificate) {
    chain.set(at.fingerprint256, at);
  }
  return [...chain.values()];
}

/** Codes that OpenSSL and Node give to a certificate that is not to be trusted. */
const certificateCode = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY))/;

function formatError(error: Error, deadline: AbortSignal): Result<never, FetchRefusal> {
  if (deadline.aborted) return refuse("timeout", "it did not answer in time");
  if (error instanceof TunnelRefused) {
    return refuse("connection", `the proxy does not let us through to it (HTTP ${error.status})`);
  }
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const detail = code === "" ? {} : { detail: code };
  if (certificateCode.test(code)) return refuse("certificate", `its TLS certificate is not valid (${code})`, detail);
  return refuse("connection", "it could not be reached", detail);
}
