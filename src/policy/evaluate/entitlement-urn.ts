import type { ClaimView } from "./view.ts";

/** A membership as AARC-G069 writes it: `<namespace>:group:<group>[:<subgroup>…][:role=<role>][#<authority>]`. */
export interface Entitled {
  /** `urn:<nid>:<delegated>…`; scheme, NID and hexadecimal digits in lower case (RFC 8141 section 3.1). */
  readonly namespace: string;
  /** Group and subgroups, decoded. */
  readonly group: readonly string[];
  readonly role?: string;
  readonly authority?: string;
}

/** The membership that a condition asks for; what it leaves open may be anything, but for the role, which is then none. */
export type Membership = Pick<Entitled, "group" | "role" | "authority"> & { readonly namespace?: string };

const longest = 2048;
const nid = /^[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]$/;
/** RFC 3986 pchar without the colon, and the slash that RFC 8141 allows; a "?" would begin an r- or q-component. */
const part = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-Fa-f]{2})+$/;

/**
 * Reads an entitlement, or nothing when it is not one. Strict, and by its parts, never as a prefix: a group
 * `admins-of-nothing`, or one with an encoded colon in its name, must not pass for another. An octet that need not be
 * encoded but is has no equal under RFC 8141, so it is refused instead of being taken for the plain one.
 */
export function parseEntitlement(urn: string): Entitled | undefined {
  if (urn.length > longest) return undefined;
  const [body = "", fragment, more] = urn.split("#");
  if (more !== undefined) return undefined;
  const parts = body.split(":");
  const [scheme = "", id = ""] = parts;
  const at = parts.indexOf("group", 3);
  if (scheme.toLowerCase() !== "urn" || !nid.test(id) || at < 0) return undefined;
  const named = parts.slice(at + 1);
  const role = named.at(-1)?.startsWith("role=") ? named.pop()?.slice("role=".length) : undefined;
  const space = parts.slice(2, at);
  const group = readAll(named);
  const rest = readAll([role, fragment].filter((text) => text !== undefined));
  if (group === undefined || rest === undefined || readAll(space) === undefined) return undefined;
  if (group.length === 0 || named.some((name) => name.startsWith("role="))) return undefined;
  return {
    namespace: sameNamespace(["urn", id, ...space].join(":")),
    group,
    ...(role !== undefined && { role: String(rest[0]) }),
    ...(fragment !== undefined && { authority: String(rest.at(-1)) }),
  };
}

const readAll = (texts: readonly string[]): string[] | undefined => {
  const read = texts.map(decode).filter((text) => text !== undefined);
  return read.length === texts.length ? read : undefined;
};

/** A component's text; nothing when it is empty, encodes what needs no encoding, or hides a control character. */
function decode(text: string): string | undefined {
  if (!part.test(text) || /%(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])/.test(text))
    return undefined;
  try {
    const plain = decodeURIComponent(text).normalize("NFC");
    return /\p{Cc}/u.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** Scheme and NID have no case, nor have hexadecimal digits; all else has. */
const sameNamespace = (namespace: string): string => {
  const [scheme = "", id = "", ...rest] = namespace.split(":");
  return [
    scheme.toLowerCase(),
    id.toLowerCase(),
    ...rest.map((r) => r.replace(/%../g, (hex) => hex.toLowerCase())),
  ].join(":");
};

/** A condition as a policy writes it, made ready for comparing. */
export function readMembership(written: {
  readonly namespace?: string | undefined;
  readonly group: string;
  readonly role?: string | undefined;
  readonly authority?: string | undefined;
}): Membership {
  const { namespace, group, role, authority } = written;
  return {
    ...(namespace !== undefined && { namespace: sameNamespace(namespace) }),
    group: group.normalize("NFC").split(":"),
    ...(role !== undefined && { role: role.normalize("NFC") }),
    ...(authority !== undefined && { authority: authority.normalize("NFC") }),
  };
}

/** True when what somebody holds is exactly what is asked: a role in a group is not a plain membership, nor is a subgroup. */
export function isMembership(held: Entitled, asked: Membership): boolean {
  return (
    (asked.namespace === undefined || asked.namespace === held.namespace) &&
    asked.group.length === held.group.length &&
    asked.group.every((name, i) => name === held.group[i]) &&
    asked.role === held.role &&
    (asked.authority === undefined || asked.authority === held.authority)
  );
}

/** One entitlement that is what is asked; `elsewhere` is the namespace when none is asked. */
export function exampleEntitlement(asked: Membership, elsewhere: string): string {
  const { namespace = elsewhere, group, role, authority } = asked;
  const written = [
    namespace,
    "group",
    ...group.map(encodeURIComponent),
    ...(role === undefined ? [] : [`role=${encodeURIComponent(role)}`]),
  ];
  return `${written.join(":")}${authority === undefined ? "" : `#${encodeURIComponent(authority)}`}`;
}

/** What is asked, in words. */
export function formatMembership({ namespace, group, role, authority }: Membership): string {
  const who = role === undefined ? "membership" : `the role ${JSON.stringify(role)}`;
  const where = [namespace, authority].filter((s) => s !== undefined).join(" at ");
  return `${who} in ${JSON.stringify(group.join(":"))} of ${where}`;
}

const known = new WeakMap<ClaimView, readonly Entitled[]>();

/** The entitlements among a claim's values; read once per decision, however many conditions ask. */
export function entitlementsIn(view: ClaimView): readonly Entitled[] {
  const found =
    known.get(view) ?? [...view.values].flatMap((v) => (typeof v === "string" ? (parseEntitlement(v) ?? []) : []));
  known.set(view, found);
  return found;
}
