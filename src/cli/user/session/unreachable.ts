import { ResponseBodyError } from "openid-client";

/** HTTP status behind an error of openid-client. */
export function statusOf(problem: unknown): number | undefined {
  if (problem instanceof ResponseBodyError) return problem.status;
  return problem instanceof Error && problem.cause instanceof Response ? problem.cause.status : undefined;
}

/** The code of an error of Node's or of openid-client's. */
export const codeOf = (problem: unknown): unknown =>
  problem instanceof Error && "code" in problem ? problem.code : undefined;

/** True when the network, not the server, said no. */
export const isUnreachable = (problem: unknown): boolean =>
  (problem instanceof TypeError && problem.message === "fetch failed") || codeOf(problem) === "OAUTH_TIMEOUT";

/** True when the issuer may have acted although its answer did not come, or not whole, or a proxy gave up on it. */
export const isLost = (problem: unknown): boolean =>
  isUnreachable(problem) || codeOf(problem) === "OAUTH_PARSE_ERROR" || [502, 504].includes(statusOf(problem) ?? 0);

/** Repeats at once, if the answer was lost, what does no harm twice. */
export const againIfLost = <T>(request: () => Promise<T>): Promise<T> =>
  request().catch((problem: unknown) => (isLost(problem) ? request() : Promise.reject(problem)));

/** Why a server could not be reached, in a word: a code of Node's or OpenSSL's, or what a proxy answered. */
export function reasonOf(problem: unknown): string {
  const cause = problem instanceof Error ? problem.cause : undefined;
  // How a proxy's refusal comes out of Node's fetch; the status says more than the code.
  const refused = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : "";
  const status = /^Proxy response \((\d+)\)/.exec(refused)?.[1];
  if (status !== undefined) return `the proxy answered ${status}`;
  return String(codeOf(cause) ?? codeOf(problem) ?? (cause instanceof Error ? cause.message : "no reason given"));
}

/** What to do about a server that cannot be reached, by the reason. */
export function fixUnreachable(server: string, reason: string): string {
  const { hostname } = new URL(server);
  const found = remedies.find(([of]) => of.test(reason));
  return found?.[1](hostname) ?? "check the network, the address and the proxy (HTTPS_PROXY, NO_PROXY)";
}

const remedies: readonly (readonly [RegExp, (host: string) => string])[] = [
  [
    /^the proxy answered/,
    (host) =>
      `ask who runs the proxy (HTTPS_PROXY, NO_PROXY); if ${host} is in your own network, run: export NO_PROXY="$NO_PROXY,${host}"`,
  ],
  [
    /CERT_(?:NOT_YET_VALID|HAS_EXPIRED)/,
    () => "check the clock of this machine; if it is right, tell the operator of the server",
  ],
  [/ALTNAME/, () => "check the address; if it is right, tell the operator that the certificate is for another name"],
  [
    /CERT|SIGNATURE|ISSUER/,
    () =>
      "its certificate is of an authority that this machine does not know: get that as a PEM file, and give --ca-file FILE",
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    () => "check the address; if it is right, join the network (VPN) whose DNS knows it, or set HTTPS_PROXY",
  ],
  [
    /ECONNREFUSED|ECONNRESET/,
    () =>
      "check the address and the proxy (HTTPS_PROXY, NO_PROXY); if they are right, the server is down: try again later",
  ],
  [/TIMEOUT|ETIMEDOUT|UNREACH/, () => "check the network; if it lets people out by a proxy only, set HTTPS_PROXY"],
];
