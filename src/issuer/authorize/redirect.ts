import { sameText } from "../../core/index.ts";
import type { Client } from "../clients/registry.ts";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * True when `asked` is a redirect address of the client: byte for byte, only the port of a loopback address may differ
 * (RFC 8252 section 7.3, S-19).
 */
export function isRedirectOf(client: Client, asked: string): boolean {
  return client.redirectUris.some((registered) => sameText(registered, asked) || sameButPort(registered, asked));
}

function sameButPort(registered: string, asked: string): boolean {
  const loopback = new RegExp(`^http://(${loopbackHosts.map(literal).join("|")})(?::\\d{1,5})?(/[^?#]*)?$`);
  const [, host, path = ""] = loopback.exec(asked) ?? [];
  const [, registeredHost, registeredPath = ""] = loopback.exec(registered) ?? [];
  return host !== undefined && host === registeredHost && path === registeredPath && URL.canParse(asked);
}

const literal = (text: string) => text.replace(/[.[\]]/g, "\\$&");

/** The redirect address with the answer's parameters, keeping a query it may have (RFC 6749 section 4.1.2). */
export function answerAt(redirectUri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((p): p is [string, string] => p[1] !== undefined);
  if (given.length === 0) return redirectUri;
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${new URLSearchParams(given)}`;
}
