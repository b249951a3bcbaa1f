import type { Claims } from "./person.ts";

/**
 * A setting that names a claim is read as Keycloak reads it (its "OpenID Connect mappers"): dots lead into objects, and a
 * backslash makes the character after it an ordinary one, so the claim `https://acme.example/roles` is written
 * `https://acme\.example/roles`. Everybody who reads such a setting reads it here; two readings would be tried out by the
 * one and decided by the other.
 */
export function claimPath(written: string): readonly string[] {
  const parts: string[] = [];
  let rest = written;
  // A part has at least one character: a dot that stands first is its own part's first letter, as Keycloak has it.
  for (let part = firstPart.exec(rest); part !== null; part = firstPart.exec(rest)) {
    parts.push(unescaped(part[1] ?? ""));
    rest = rest.slice(part[0].length);
  }
  return rest === "" ? parts : [...parts, unescaped(rest)];
}

const firstPart = /^((?:\\.|[^\\.])+?)\./;
const unescaped = (part: string): string => part.replace(/\\(.)/g, "$1");

/** How the claim is written that is called exactly so. */
export const writtenClaim = (name: string): string => name.replace(/[\\.]/g, "\\$&");

/** The member of a token or of userinfo in which a setting looks: what is said to have been left out is said by its name. */
export function outerClaim(written: string): string {
  const [first = ""] = claimPath(written);
  return placed(first).name ?? first;
}

/** True when a setting names a place in a list: where the list is absent, Keycloak ends the login with an error. */
export const namesPlace = (written: string): boolean =>
  claimPath(written).some((part) => placed(part).place !== undefined);

/** What an identity provider said, by where it said it; Keycloak looks in this order. */
export interface SaidClaims {
  readonly idToken?: Claims | undefined;
  readonly userinfo?: Claims | undefined;
}

/** The claim that a setting names, as Keycloak finds it; `undefined` when it did not come. */
export function claimAt(written: string, { idToken, userinfo }: SaidClaims): unknown {
  const inToken = idToken === undefined ? undefined : inIdToken(claimPath(written), idToken);
  return inToken ?? (userinfo === undefined ? undefined : inUserinfo(written, userinfo));
}

/** Of the registered ones Keycloak gives `sub` alone to its mappers: the others are not what a person is. */
const tokensOwn: readonly string[] = ["jti", "exp", "nbf", "iat", "iss", "aud", "typ", "azp"];

function inIdToken(path: readonly string[], claims: Claims): unknown {
  if (tokensOwn.includes(path[0] ?? "")) return undefined;
  return path.reduce<unknown>((value, part) => member(value, part), claims) ?? undefined;
}

/** In userinfo a part may end with a place in a list, `teams[0]`, and the first list or plain value ends the way. */
function inUserinfo(written: string, claims: Claims): unknown {
  if (written.endsWith(".")) return undefined;
  let value: unknown = claims;
  for (const part of claimPath(written)) {
    const { name, place } = placed(part);
    value = name === undefined ? undefined : member(value, name);
    if (place !== undefined && Array.isArray(value)) value = value[place];
    if (typeof value !== "object" || value === null || Array.isArray(value)) break;
  }
  return value ?? undefined;
}

/** A part with the place in a list that it may name; without a name it names nothing. */
function placed(part: string): { readonly name?: string; readonly place?: number } {
  if (!part.endsWith("]")) return { name: part };
  const found = /^([^[]*)\[\s*\+?([0-9]{1,10})\s*\]$/.exec(part);
  const place = Number(found?.[2]);
  return found?.[1] === undefined || place > 0x7fff_ffff ? {} : { name: found[1].trim(), place };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Claims)[name]
    : undefined;
