import { domainToASCII } from "node:url";

/** An e-mail address in its plain form: no quotes, comments or blanks, one `@`. */
export interface Address {
  /** As it is compared when in doubt: compatibility forms and case folded (who receives it decides, RFC 5321 2.4). */
  readonly local: string;
  /** Lower case, international names as `xn--…`. */
  readonly domain: string;
}

const atext = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const dotAtom = new RegExp(`^${atext}(?:\\.${atext})*$`, "u");
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 5321 4.5.3.1, and some more for letters of several bytes. */
const longest = 320;

/**
 * Reads an address, or nothing when it is not one in plain form. `"bob"@a.example` may be the mailbox of bob@a.example
 * (RFC 5321 4.1.2), and `"@b.example"@a.example` is none of b.example: what is written so is never compared as text.
 */
export function plainAddress(text: string): Address | undefined {
  if (text.length > longest) return undefined;
  const [local = "", host = "", more] = text.split("@");
  if (more !== undefined || !dotAtom.test(local)) return undefined;
  const domain = plainDomain(host);
  return domain === undefined ? undefined : { local: local.normalize("NFKC").toLowerCase(), domain };
}

/** A domain as it is compared; nothing when it is not one. */
export function plainDomain(host: string): string | undefined {
  const domain = /^[\x21-\x7e]*$/.test(host) ? host.toLowerCase() : domainToASCII(host);
  return hostName.test(domain) ? domain : undefined;
}
