import { type Address, plainAddress, plainDomain } from "./address.ts";
import { type Entitled, entitlementsIn, type Membership, parseEntitlement } from "./entitlement-urn.ts";
import type { Atom } from "./model.ts";
import { blur, type ClaimsView, type ClaimView, isVerified } from "./view.ts";

/*
 * A condition under `not` takes a right away, so doubt is on its side (S-77): whoever would have it proven that they are
 * meant need only leave a claim out, keep an address unverified, or write it in another way.
 */

/** What becomes of a condition under `not`: it excludes for certain, perhaps (and then excludes, too), or not. */
export type Exclusion =
  | { readonly truth: "yes" | "no" | "unknown" }
  /** Why it is not certain, as the end of a sentence. */
  | { readonly truth: "perhaps"; readonly because: string };

const no: Exclusion = { truth: "no" };
const perhaps = (because: string): Exclusion => ({ truth: "perhaps", because });

/** Judges one condition as an exclusion. */
export function judgeExclusion(atom: Atom, claims: ClaimsView, holds: (view: ClaimView) => boolean): Exclusion {
  const view = claims(atom.claim);
  if (!view.whole) return { truth: "unknown" };
  if (!view.present) return atom.absentIsEmpty === true ? no : perhaps("the claim is absent");
  if (atom.verified && !isVerified(atom.claim, claims)) return perhaps(`${atom.claim}_verified is not true`);
  if (holds(view)) return { truth: "yes" };
  const truth = atom.test === "equals" && typeof atom.values[0] === "boolean";
  if (truth ? view.list || typeof view.raw[0] !== "boolean" : !view.texts)
    return perhaps("the claim is not of the form that the condition expects");
  return !truth && resembles(atom, view) ? perhaps("the claim resembles it") : no;
}

function resembles(atom: Atom, view: ClaimView): boolean {
  if (atom.membership !== undefined) {
    const asked = atom.membership;
    return entitlementsIn(view).some((one) => touches(one, asked)) || held(view).some(isOddGroup);
  }
  return atom.test === "endsWith" ? endsLike(atom, view) : equalsLike(atom, view);
}

/** Equal but for case, blanks, invisible signs and compatibility forms; an address by its parts. */
function equalsLike({ values, address }: Atom, view: ClaimView): boolean {
  const asked = values.filter((value) => typeof value === "string");
  if (view.blurred.some((one) => asked.some((value) => blur(value) === one))) return true;
  const mailboxes = asked.flatMap((value) => plainAddress(value) ?? []);
  if (mailboxes.length === 0 && address !== true) return false;
  return held(view).some((text) => {
    const one = plainAddress(text);
    if (one !== undefined) return mailboxes.some((other) => isSame(one, other));
    return address === true || (text.includes("@") && mailboxes.some((other) => isSame(unquoted(text), other)));
  });
}

function endsLike({ values, address }: Atom, view: ClaimView): boolean {
  const suffix = String(values[0]);
  const asked = suffix.startsWith("@") ? plainDomain(suffix.slice(1)) : undefined;
  if (asked === undefined) return view.blurred.some((text) => text.endsWith(blur(suffix)));
  return held(view).some((text) => {
    const one = plainAddress(text);
    return one === undefined ? address === true || text.includes("@") : one.domain === asked;
  });
}

const held = (view: ClaimView): string[] => [...view.values].filter((value) => typeof value === "string");

const isSame = (one: Address, other: Address): boolean => one.domain === other.domain && one.local === other.local;

/** What a mailbox could be that is written in another way: without quotes, escapes, comments and blanks. */
function unquoted(text: string): Address {
  const at = text.lastIndexOf("@");
  const bare = (part: string) => blur(part.replace(/\([^()]*\)/g, "").replace(/["\\\s]/g, ""));
  return { local: bare(text.slice(0, at)), domain: bare(text.slice(at + 1)).replace(/\.$/, "") };
}

/** A role in the group, or a subgroup of it: no plain membership, but perhaps one all the same. */
const touches = (held: Entitled, asked: Membership): boolean =>
  (asked.namespace === undefined || asked.namespace === held.namespace) &&
  (asked.authority === undefined || held.authority === undefined || asked.authority === held.authority) &&
  asked.group.every((name, i) => held.group[i] !== undefined && blur(name) === blur(held.group[i])) &&
  (asked.role === undefined || held.role === undefined || blur(asked.role) === blur(held.role));

/** Means to name a group and cannot be read: needlessly encoded, say. */
const isOddGroup = (text: string): boolean =>
  /^\s*urn(?::|%3a).*(?::|%3a)group(?::|%3a)/is.test(text) && parseEntitlement(text) === undefined;
