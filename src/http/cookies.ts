import type { Seconds } from "../core/index.ts";
import { withoutBlanks } from "./blanks.ts";

/** A cookie to set; `undefined` value deletes it. Always HttpOnly, SameSite=Lax, Path=/. */
export interface Cookie {
  readonly name: string;
  readonly value: string | undefined;
  readonly maxAge?: Seconds;
}

/** The cookies that a request brings. */
export interface CookieReader {
  /** Value of the cookie of that name. Of two with one name neither counts: one of them may be planted (S-71). */
  read(name: string): string | undefined;
  /** Whether a name that begins so comes more than once. */
  hasTwice(prefix: string): boolean;
}

/** Reads a `Cookie` header as browsers write it (RFC 6265 section 5.4), names byte by byte. */
export function cookieReader(header: string | undefined): CookieReader {
  const cookies = new Map<string, string>();
  const twice = new Set<string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at < 0) continue;
    const name = withoutBlanks(part.slice(0, at));
    if (cookies.has(name)) twice.add(name);
    cookies.set(name, withoutBlanks(part.slice(at + 1)));
  }
  return {
    read: (name) => (twice.has(name) ? undefined : cookies.get(name)),
    hasTwice: (prefix) => [...twice].some((name) => name.startsWith(prefix)),
  };
}

/** A cookie to set, as a header: HttpOnly, SameSite=Lax (the way back from the identity provider is a cross-site GET), Secure. */
export function cookieHeader({ name, value, maxAge }: Cookie, insecure: boolean): string {
  const age = value === undefined ? "; Max-Age=0" : maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  const secure = insecure ? "" : "; Secure";
  return `${name}=${value ?? ""}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}
