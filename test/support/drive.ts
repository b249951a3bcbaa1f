import { createHash } from "node:crypto";
import { Browser } from "./browser.ts";
import { decideInBrowser, embeddedVisitor, type JsonAnswer, poll, postForm, startDevice } from "./device-login.ts";

/** Scopes of a login that can be renewed. */
export const renewable = "openid profile groups offline_access";

/** A whole device login of somebody at the embedded identity provider; answers what the token endpoint said last. */
export async function logIn(
  issuer: string,
  form: Readonly<Record<string, string>>,
  options: {
    email?: string;
    browser?: Browser;
    redeemWith?: Readonly<Record<string, string>>;
    /** Headers of the program's and the browser's requests: what a proxy says of them. */
    headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<JsonAnswer> {
  const start = await startDevice(issuer, form, options.headers);
  const visitor = embeddedVisitor(options.email ?? "bob@a.example");
  await decideInBrowser(
    start.verification_uri_complete,
    visitor,
    "approve",
    options.browser ?? new Browser(options.headers),
  );
  const { client_id = "" } = form;
  return poll(issuer, { client_id, device_code: start.device_code, ...options.redeemWith });
}

/** Refreshes as the cloudpass command does. */
export const refresh = (
  issuer: string,
  token: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> =>
  postForm(`${issuer}/token`, {
    grant_type: "refresh_token",
    client_id: "console-tool",
    refresh_token: String(token),
    ...more,
  });

/** `status error`, or the status alone. */
export const outcome = ({ status, body }: JsonAnswer): string =>
  [status, body["error"]].filter((x) => x !== undefined).join(" ");

/** The access token of an answer. */
export const tokenOf = (answer: JsonAnswer | undefined): string => String(answer?.body["access_token"]);

/** A PKCE pair (RFC 7636). */
export function pkce(verifier = "v".repeat(56)): { verifier: string; challenge: string } {
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
