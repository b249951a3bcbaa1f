import type { Atom } from "../model.ts";
import { type Address, plainAddress, plainDomain } from "./address.ts";
import { type Entitled, entitlementsIn, type Membership, parseEntitlement } from "./entitlement-urn.ts";
import { blur, type ClaimsView, type ClaimView, isVerified } from "./view.ts";

/*
 * A condition under `not` takes a right away, so doubt is on its side (S-77): whoever would have it proven that they are
 * meant need only leave a claim out, keep an address unverified, or write it in another way.
 */

/** What becomes of a condition under `not`: it excludes for certain, perhaps (and then excludes, too), or not. */
export type Exclusion =
  | { readonly truth: "yes" | "no" | "unknown" }
  /** Why it is not certain, as the end of a sentence. */
  | { readonly truth: "perhaps"; readonly detail: string };

const notExcluded: Exclusion = { truth: "no" };
const perhaps = (detail: string): Exclusion => ({ truth: "perhaps", detail });

/** Evaluates one condition as an exclusion. */
export function evaluateExclusion(atom: Atom, claims: ClaimsView, holds: (view: ClaimView) => boolean): Exclusion {
  const view = claims(atom.claim);
  if (!view.whole) return { truth: "unknown" };
  if (!view.present) return atom.absentIsEmpty === true ? notExcluded : perhaps("the claim is absent");
  if (atom.verified && !isVerified(atom.claim, claims)) return perhaps(`${atom.claim}_verified is not true`);
  if (holds(view)) return { truth: "yes" };
  const truth = atom.test === "equals" && typeof atom.values[0] === "boolean";
  if (truth ? view.list || typeof view.raw[0] !== "boolean" : !view.texts)
    return perhaps("the claim is not of the form that the condition expects");
  return !truth && resembles(atom, view) ? perhaps("the claim resembles it") : notExcluded;
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
  const { blurred, mailboxes } = inDoubt(values);
  if (view.blurred.some((text) => blurred.has(text))) return true;
  if (mailboxes.size === 0 && address !== true) return false;
  return held(view).some((text) => {
    if (address !== true && !text.includes("@")) return false;
    const one = plainAddress(text);
    return one === undefined ? address === true || mailboxes.has(unquoted(text)) : mailboxes.has(mailbox(one));
  });
}

/** Values as they are compared when in doubt. */
interface InDoubt {
  readonly blurred: ReadonlySet<string>;
  readonly mailboxes: ReadonlySet<string>;
}

const prepared = new WeakMap<Atom["values"], InDoubt>();

/** Made once: a condition may have a thousand values, and a person ten thousand groups. */
function inDoubt(values: Atom["values"]): InDoubt {
  const known = prepared.get(values);
  if (known !== undefined) return known;
  const texts = values.filter((value) => typeof value === "string");
  const addresses = texts.flatMap((text) => plainAddress(text) ?? []);
  const made = { blurred: new Set(texts.map(blur)), mailboxes: new Set(addresses.map(mailbox)) };
  prepared.set(values, made);
  return made;
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

/** A local part in plain form holds no `@`, so no two mailboxes are one text. */
const mailbox = ({ local, domain }: Address): string => `${local}@${domain}`;

/** What a mailbox could be that is written in another way: without quotes, escapes, comments and blanks. */
function unquoted(text: string): string {
  const at = text.lastIndexOf("@");
  const bare = (part: string) => blur(part.replace(/\([^()]*\)/g, "").replace(/["\\\s]/g, ""));
  return mailbox({ local: bare(text.slice(0, at)), domain: bare(text.slice(at + 1)).replace(/\.$/, "") });
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
