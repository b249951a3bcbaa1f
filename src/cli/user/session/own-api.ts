import { fetchProtectedResource, WWWAuthenticateChallengeError } from "openid-client";
import { createFetch } from "../../../http-client/index.ts";
import { refusesProof } from "./clock-skew.ts";
import type { Access } from "./kept-login.ts";
import { proverOf, proving } from "./proof-key.ts";
import type { Session } from "./session.ts";

/** A request to one of the issuer's own APIs. */
export interface OwnRequest {
  /** From the issuer's root, with its query. */
  readonly path: string;
  /** The target whose token is asked for; absent: the issuer itself. */
  readonly target?: string;
  /** Default: GET. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
}

/**
 * Asks one of the issuer's own APIs, proving the login's key where the token is bound to it. A token that is refused though it
 * seemed good is replaced once: nothing was done for it.
 */
export async function askOwnApi(session: Session, request: OwnRequest): Promise<Response> {
  const access = await session.access(request.target);
  const answer = await ask(session, request, access);
  if (answer.status !== 401 || refusesProof(answer)) return answer;
  await answer.body?.cancel();
  return ask(session, request, await session.access(request.target, access.token));
}

async function ask(session: Session, request: OwnRequest, { token, bound }: Access): Promise<Response> {
  await session.open();
  const { path, method = "GET", json } = request;
  const url = new URL(path, session.settings.issuer);
  const body = json === undefined ? null : JSON.stringify(json);
  const headers = new Headers({ accept: "application/json", "user-agent": session.userAgent, ...request.headers });
  if (body !== null) headers.set("content-type", "application/json");
  if (!bound) {
    headers.set("authorization", `Bearer ${token}`);
    return createFetch({ timeoutMs })(url, { method, headers, body });
  }
  const configuration = await session.configuration();
  const prover = await proverOf(configuration, (await session.login()).proofKey);
  const asked = fetchProtectedResource(configuration, token, url, method, body, headers, proving(prover));
  return asked.catch((problem: unknown) => {
    if (problem instanceof WWWAuthenticateChallengeError) return problem.response;
    throw problem;
  });
}

const timeoutMs = 30_000;
