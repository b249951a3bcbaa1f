import { createHash, randomBytes } from "node:crypto";
import { Browser, heading, type Page } from "./browser.ts";
import { type JsonAnswer, postForm, type Visitor } from "./device-login.ts";

/** An authorization request as a program makes it, and what it keeps to itself. */
export interface CodeRequest {
  readonly url: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly state: string;
}

/** Where the tests' program listens, or would. */
export const loopback = "http://127.0.0.1:7777/callback";

/** Makes an authorization request; `more` adds, replaces or (with `undefined`) takes away parameters. */
export function codeRequest(
  issuer: string,
  client: string,
  more: Readonly<Record<string, string | undefined>> = {},
): CodeRequest {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(8).toString("hex");
  const usual: Record<string, string | undefined> = {
    client_id: client,
    response_type: "code",
    redirect_uri: loopback,
    scope: "openid profile groups offline_access",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  };
  const given = Object.entries(usual).filter((p): p is [string, string] => p[1] !== undefined);
  return {
    url: `${issuer}/authorize?${new URLSearchParams(given)}`,
    verifier,
    redirectUri: usual["redirect_uri"] ?? "",
    state,
  };
}

/** Asks the authorization endpoint once, without a browser: where it leads, if anywhere. */
export async function askAuthorization(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; to: URL | undefined; text: string }> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const location = response.headers.get("location");
  const to = location === null ? undefined : new URL(location, url);
  return { status: response.status, to, text: await response.text() };
}

/** Follows an authorization request in a browser to the confirmation page, signing in on the way. */
export async function toCodeConfirmation(
  request: { url: string },
  visitor: Visitor,
  browser = new Browser(),
  stopAt = loopback,
): Promise<Page> {
  const first = await browser.open(request.url, stopAt);
  if (first.stopped !== undefined || heading(first) !== "Sign in") return first;
  return visitor.signIn(browser, await browser.submit(first, { email: visitor.email }));
}

/** Follows an authorization request to its end and decides. Answers the address at which the program is told. */
export async function decideCode(
  request: CodeRequest,
  visitor: Visitor,
  decision: "approve" | "deny",
  browser = new Browser(),
): Promise<URL> {
  const page = await toCodeConfirmation(request, visitor, browser, request.redirectUri);
  if (page.stopped !== undefined) return new URL(page.stopped);
  if (heading(page) !== "Log in to a program?")
    throw new Error(`not the confirmation: "${heading(page)}" at ${page.url}`);
  const end = await browser.submit(page, { decision }, { stopAt: request.redirectUri });
  if (end.stopped === undefined) throw new Error(`no way back from "${heading(end)}": ${end.text.slice(0, 500)}`);
  return new URL(end.stopped);
}

/** Trades a code. */
export const redeemCode = (
  issuer: string,
  client: string,
  request: CodeRequest,
  callback: URL,
  more: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> =>
  postForm(`${issuer}/token`, {
    grant_type: "authorization_code",
    client_id: client,
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: request.redirectUri,
    code_verifier: request.verifier,
    ...more,
  });
