import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Clock, clockSkew, type Findings } from "../../core/index.ts";
import { createFetch, makeGuardedFetch, rulesFor } from "../../http-client/index.ts";
import { checkConnection } from "../../probe/index.ts";

/** A server of the chain, and what is to be done where it is not as it must be. */
interface AskedServer {
  /** "broker", "Keycloak". */
  readonly about: string;
  readonly url: string;
  /** Where its address is written. */
  readonly written: string;
  /** What starts it. */
  readonly start: string;
}

/** An answer, of whatever status. */
interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Where this process' own proxies are, as people set them. */
export type Proxies = (url: string) => string | undefined;

const waitMs = 10_000;

/**
 * Asks a server the way that the broker does: name, connection, certificate, clock and answer, each said as a finding.
 * Nothing when it did not answer. Never throws.
 */
export async function askServer(
  server: AskedServer,
  { clock, findings, proxyOf }: { clock: Clock; findings: Findings; proxyOf: Proxies },
): Promise<Answer | undefined> {
  const { about, url } = server;
  const proxy = proxyOf(url);
  if (proxy === undefined && !(await hasAddress(server, findings))) return undefined;
  const asked = await ask(url);
  if ("code" in asked) {
    findings.fail(about, ...wordsFor(asked.code, server, proxy));
    return undefined;
  }
  if ([502, 503, 504].includes(asked.status)) {
    const message = `what is in front of it answers ${asked.status}: nothing behind it does`;
    findings.fail(about, message, server.start);
    return undefined;
  }
  findings.ok(about, `answers at ${new URL(url).origin}${proxy === undefined ? "" : `, through the proxy ${proxy}`}`);
  if (proxy === undefined) await checkTls(url, clock, findings, about);
  else checkDate(asked.date, clock, findings, about);
  return asked;
}

async function hasAddress({ about, url, written }: AskedServer, findings: Findings): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return true;
  try {
    await lookup(host);
    return true;
  } catch {
    findings.fail(`${about}: DNS`, `the name ${host} has no address here`, `add ${host} to DNS, or correct ${written}`);
    return false;
  }
}

interface Trouble {
  readonly code: string;
}

async function ask(url: string): Promise<(Answer & { readonly date: string | null }) | Trouble> {
  try {
    const answer = await createFetch({ timeoutMs: waitMs, maxBytes: 1024 * 1024 })(url, { redirect: "manual" });
    const text = await answer.text();
    return { status: answer.status, json: objectIn(text), date: answer.headers.get("date") };
  } catch (problem) {
    return { code: codeOf(problem) };
  }
}

function objectIn(text: string): Answer["json"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Answer["json"]) : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` says "failed", and why in its cause; of several addresses each has its own. */
function codeOf(problem: unknown): string {
  const of = (value: unknown, name: string): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (of(problem, "name") === "TimeoutError") return "TIMEOUT";
  const cause = of(problem, "cause");
  const [first] = (of(cause, "errors") as unknown[] | undefined) ?? [];
  return String(of(cause, "code") ?? of(first, "code") ?? of(problem, "code") ?? "unknown");
}

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

/** What happened, and what to do. */
function wordsFor(code: string, { url, written, start }: AskedServer, proxy: string | undefined): [string, string] {
  const { host, hostname, origin } = new URL(url);
  if (proxy !== undefined && !code.includes("CERT") && !untrusted.has(code)) {
    const message = `does not answer through the proxy ${proxy} (${code})`;
    return [message, `if ${hostname} is reached directly: export NO_PROXY=${hostname}; otherwise open it at the proxy`];
  }
  if (untrusted.has(code)) {
    const message = "its certificate's authority is not trusted on this machine";
    return [
      message,
      "run it, and cloudpass serve, with NODE_EXTRA_CA_CERTS=<its authority in PEM>, or put that into the system's store",
    ];
  }
  switch (code) {
    case "ECONNREFUSED":
      return [`nothing listens at ${host}`, start];
    case "CERT_HAS_EXPIRED":
      return ["its certificate has expired", `renew the certificate of ${hostname}`];
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return [`its certificate is not for ${hostname}`, `get one for ${hostname}, or correct ${written}`];
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "EPROTO":
      return [
        `what listens at ${host} does not speak https`,
        `have a proxy end TLS there (docs/how-to/run-behind-a-proxy.md), or set listen.tls`,
      ];
    case "TIMEOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return [
        `${host} does not answer within ${waitMs / 1000} s`,
        `open the way to ${origin} in the firewall, or correct ${written}`,
      ];
    default:
      return [
        `${host} cannot be reached (${code})`,
        `see that ${origin} can be reached from here, or correct ${written}`,
      ];
  }
}

/** The certificate and the clock. Our own servers are on any network. */
async function checkTls(url: string, clock: Clock, findings: Findings, about: string): Promise<void> {
  const wish = { mediaTypes: /./, statuses: [301, 302, 303, 307, 400, 401, 403, 404, 405] };
  const fetched = await makeGuardedFetch(rulesFor(["0.0.0.0/0", "::/0"]))(url, wish);
  if (!fetched.ok) return; // it answered a moment ago; a certificate that only the system trusts is fine
  const named = {
    ...findings,
    ok: (what: string, message: string) => findings.ok(`${about}: ${what}`, message),
    warn: (what: string, message: string, remedy: string) => findings.warn(`${about}: ${what}`, message, remedy),
    fail: (what: string, message: string, remedy: string) => findings.fail(`${about}: ${what}`, message, remedy),
  };
  checkConnection(fetched.value, clock, named);
}

function checkDate(date: string | null, clock: Clock, findings: Findings, about: string): void {
  const there = Date.parse(date ?? "");
  if (Number.isNaN(there)) return;
  const apart = Math.abs(Math.round((there - clock.millis()) / 1000));
  if (apart <= clockSkew) findings.ok(`${about}: clock`, "within a minute of ours");
  else
    findings.fail(
      `${about}: clock`,
      `is ${apart} s apart from ours`,
      "let both machines follow NTP: timedatectl set-ntp true",
    );
}
