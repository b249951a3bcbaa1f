import { Browser, forms, heading, type Page } from "./browser.ts";
import { drive } from "./keycloak-browser.ts";

/** Answer of the device authorization endpoint. */
export interface DeviceStart {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** Status, JSON body and headers of an answer. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** POSTs a form and reads JSON. */
export async function postForm(
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const response = await fetch(url, { method: "POST", headers: { ...type, ...headers }, body });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: response.headers,
  };
}

/** Starts a device login. */
export async function startDevice(
  issuer: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<DeviceStart> {
  const answer = await postForm(`${issuer}/device_authorization`, form, headers);
  if (answer.status !== 200) throw new Error(`device authorization: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as unknown as DeviceStart;
}

/** Polls once. */
export const poll = (
  issuer: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> =>
  postForm(`${issuer}/token`, { grant_type: "urn:ietf:params:oauth:grant-type:device_code", ...form }, headers);

/** Who signs in, and how the pages of the identity provider are driven to that end. */
export interface Visitor {
  readonly email: string;
  /** From the identity provider's first page to the broker's next one. */
  signIn(browser: Browser, page: Page): Promise<Page>;
}

/** A visitor of the embedded identity provider. */
export const embeddedVisitor = (email: string, password = email.split("@")[0] ?? ""): Visitor => ({
  email,
  signIn: (browser, page) =>
    browser.submit(page, { username: email.split("@")[0] ?? "", password }, { formId: "login" }),
});

/** Signs a visitor in from the sign-in page (or wherever it leads), as far as the enter-code page. */
export async function signIn(browser: Browser, start: string, visitor: Visitor): Promise<Page> {
  const first = await browser.open(start);
  if (heading(first) !== "Sign in") return first;
  return visitor.signIn(browser, await browser.submit(first, { email: visitor.email }));
}

/** Follows the link of a device login to the confirmation page. */
export async function toConfirmation(browser: Browser, link: string, visitor: Visitor): Promise<Page> {
  const entry = await signIn(browser, link, visitor);
  if (heading(entry) !== "Log in a terminal")
    throw new Error(
      `not signed in: "${heading(entry)}" at ${entry.url}\n${browser.trace.join("\n")}\n${entry.text.slice(0, 2000)}`,
    );
  return browser.submit(entry, {});
}

/** Follows the link of a device login to its end and decides. Answers the last page. */
export async function decideInBrowser(
  link: string,
  visitor: Visitor,
  decision: "approve" | "deny",
  browser = new Browser(),
): Promise<Page> {
  const confirm = await toConfirmation(browser, link, visitor);
  if (!forms(confirm).some((f) => f.inputs.some((i) => i.value === decision))) return confirm;
  return browser.submit(confirm, { decision });
}

/** Claims of a JWT, unverified. */
export function claimsOf(jwt: unknown): Record<string, unknown> {
  const part = String(jwt).split(".")[1] ?? "";
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}

/** A visitor of a Keycloak realm. */
export const keycloakVisitor = (email: string, username = email.split("@")[0] ?? "", password = username): Visitor => ({
  email,
  signIn: async (browser, page) => (await drive(browser, page, undefined, { username, password })).page,
});
