import type { Seconds } from "../core/index.ts";

/** A cookie to set; `undefined` value deletes it. Always HttpOnly, SameSite=Lax, Path=/. */
export interface Cookie {
  readonly name: string;
  readonly value: string | undefined;
  readonly maxAge?: Seconds;
}

/** Reads the cookies of a request by name; of two with one name the first counts. */
export function cookieReader(header: string | undefined): (name: string) => string | undefined {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, part.slice(at + 1).trim());
  }
  return (name) => cookies.get(name);
}

/** A cookie to set, as a header: HttpOnly, SameSite=Lax (the way back from the identity provider is a cross-site GET), Secure. */
export function cookieHeader({ name, value, maxAge }: Cookie, insecure: boolean): string {
  const age = value === undefined ? "; Max-Age=0" : maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  const secure = insecure ? "" : "; Secure";
  return `${name}=${value ?? ""}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}
