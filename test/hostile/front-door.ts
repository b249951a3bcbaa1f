import { Browser } from "../support/browser.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { pathsOfS35 } from "./s35-paths.ts";

const routes = Object.keys(pathsOfS35).map((route) => route.split(" ") as [string, string]);
const standing = [
  "/jwks",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/livez",
  "/readyz",
  "/assets/style.css",
  "/nowhere",
];

/** Paths that take forms. */
export const formPaths: readonly string[] = routes.filter(([method]) => method === "POST").map(([, path]) => path);

/** Every path that the front door answers, and one that nobody does. */
export const paths: readonly string[] = [...new Set([...routes.map(([, path]) => path), ...standing])];

/** Parameters that some endpoint reads, of any standard. */
export const parameters: readonly string[] = [
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "device_code",
  "refresh_token",
  "subject_token",
  "subject_token_type",
  "token",
  "token_type_hint",
  "logout_token",
  "id_token_hint",
  "scope",
  "resource",
  "response_type",
  "redirect_uri",
  "request",
  "request_uri",
  "nonce",
  "prompt",
  "login_hint",
  "code_challenge",
  "code_challenge_method",
  "code_verifier",
  "dpop_jkt",
  "user_code",
  "form_token",
  "flow",
  "decision",
  "email",
  "tenant",
  "state",
  "code",
  "iss",
  "error",
  "error_description",
  "password",
];

/** The cookie header of somebody who is signed in. */
export async function cookieOfBob(issuer: string): Promise<string> {
  const browser = new Browser();
  await signIn(browser, `${issuer}/device`, embeddedVisitor("bob@a.example"));
  return `cloudpass=${browser.cookie("cloudpass")}`;
}
