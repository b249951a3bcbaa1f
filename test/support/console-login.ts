import { Browser } from "./browser.ts";
import { codeRequest, decideCode, redeemCode } from "./code-login.ts";
import { embeddedVisitor } from "./device-login.ts";

/** An access token for the console, by a login in a browser beside the program; none when the person has no right there. */
export async function consoleToken(
  issuer: string,
  email: string,
  browser = new Browser(),
): Promise<string | undefined> {
  const request = codeRequest(issuer, "console-tool", { resource: "urn:cloudpass:target:console" });
  const callback = await decideCode(request, embeddedVisitor(email), "approve", browser);
  const { body } = await redeemCode(issuer, "console-tool", request, callback);
  const token = body["access_token"];
  return token === undefined ? undefined : String(token);
}

/** What a call brings besides its token. */
interface Brought {
  readonly method?: string;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the console's API; answers status, media type, ETag and JSON. */
export async function askConsole(
  issuer: string,
  token: string | undefined,
  path: string,
  { method = "GET", body, headers }: Brought = {},
) {
  const response = await fetch(`${issuer}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    etag: response.headers.get("etag"),
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}
