import type { AtomText } from "../format/schema.ts";
import type { ClaimType } from "../identity-provider.ts";
import type { Atom, LoginFacts, People } from "../model.ts";
import { plainAddress } from "./address.ts";
import { entitlementsIn, formatMembership, isMembership, readMembership } from "./entitlement-urn.ts";
import { type Exclusion, evaluateExclusion } from "./exclusion.ts";
import { type ClaimsView, type ClaimView, isVerified, type Truth, viewClaims } from "./view.ts";

/** Makes a condition ready for matching; `declared` is what the identity provider's claims look like. */
export function makeAtom(written: AtomText, declared?: ReadonlyMap<string, ClaimType>): Atom {
  const atom = readAtom(written);
  const type = declared?.get(atom.claim);
  const address = atom.verified || atom.claim === "email" || type?.of === "email";
  return { ...atom, ...(address && { address }), ...(type?.absent === "empty" && { absentIsEmpty: true }) };
}

function readAtom(written: AtomText): Atom {
  const [claim, p] = Object.entries(written)[0] ?? ["", {}];
  const nfc = (v: string | boolean) => (typeof v === "string" ? v.normalize("NFC") : v);
  const verified = p.verified === true;
  const tail = verified ? ", verified" : "";
  if (p.endsWith !== undefined)
    return {
      claim,
      test: "endsWith",
      values: [foldDomain(nfc(p.endsWith))],
      verified,
      text: `${claim} ends with ${quote(p.endsWith)}${tail}`,
    };
  if (p.entitlement !== undefined) {
    const membership = readMembership(p.entitlement);
    return {
      claim,
      test: "entitlement",
      values: [],
      membership,
      verified,
      text: `${claim} has ${formatMembership(membership)}${tail}`,
    };
  }
  if (p.equals !== undefined)
    return { claim, test: "equals", values: [nfc(p.equals)], verified, text: `${claim} is ${quote(p.equals)}${tail}` };
  const values = p.in ?? (p.has === undefined ? [] : [p.has]);
  const text =
    values.length === 1
      ? `${claim} has ${quote(values[0] ?? "")}`
      : `${claim} has one of ${values.slice(0, 5).map(quote).join(", ")}${values.length > 5 ? ", …" : ""}`;
  return { claim, test: "in", values: values.map(nfc), verified, text: text + tail };
}

const quote = (value: string | boolean): string => JSON.stringify(value);

/** A suffix that starts at the `@` is a domain, and domains have no case (RFC 1035 2.3.3). */
const foldDomain = (suffix: string | boolean): string | boolean =>
  typeof suffix === "string" && suffix.startsWith("@") ? suffix.toLowerCase() : suffix;

/** Evaluates one condition that includes. What is not certain does not hold. */
export function evaluateAtom(atom: Atom, claims: ClaimsView): Truth {
  const view = claims(atom.claim);
  if (!view.whole) return "unknown";
  if (atom.verified && !isVerified(atom.claim, claims)) return "no";
  return holds(atom, view) ? "yes" : "no";
}

/** Evaluates one condition that excludes. What is not certain excludes. */
export const evaluateNot = (atom: Atom, claims: ClaimsView): Exclusion =>
  evaluateExclusion(atom, claims, (view) => holds(atom, view));

function holds(atom: Atom, view: ClaimView): boolean {
  switch (atom.test) {
    case "in":
      return atom.values.some((v) => view.values.has(v));
    case "equals":
      return !view.list && atom.values.some((v) => view.values.has(v));
    case "endsWith":
      return [...view.values].some((v) => typeof v === "string" && endsIn(v, String(atom.values[0])));
    case "entitlement":
      return entitlementsIn(view).some((held) => atom.membership !== undefined && isMembership(held, atom.membership));
  }
}

/** A domain must end a plain address: neither `x@evil.example@a.example` nor `"x@evil.example"@a.example` is taken for one. */
function endsIn(value: string, suffix: string): boolean {
  if (!suffix.startsWith("@")) return value.length > suffix.length && value.endsWith(suffix);
  return value.slice(value.indexOf("@")).toLowerCase() === suffix && plainAddress(value) !== undefined;
}

/**
 * Evaluates all conditions of people: a certain no wins over an unknown; the reason names the first condition that failed.
 * Where a condition includes, doubt does not include; under `not`, doubt excludes (S-77).
 */
export function evaluatePeople(people: People, claims: ClaimsView): { truth: Truth; detail?: string } {
  let unknown: Atom | undefined;
  for (const atom of people.all) {
    const truth = evaluateAtom(atom, claims);
    if (truth === "no") return { truth, detail: formatFailed(atom, claims) };
    if (truth === "unknown") unknown ??= atom;
  }
  for (const atom of people.not) {
    const exclusion = evaluateNot(atom, claims);
    if (exclusion.truth === "yes") return { truth: "no", detail: `excluded: ${atom.text}` };
    if (exclusion.truth === "perhaps")
      return { truth: "no", detail: `excluded, since it cannot be ruled out: ${atom.text}: ${exclusion.detail}` };
    if (exclusion.truth === "unknown") unknown ??= atom;
  }
  if (people.any.length > 0) {
    const truths = people.any.map((atom) => evaluateAtom(atom, claims));
    if (truths.every((t) => t === "no"))
      return { truth: "no", detail: `none of: ${people.any.map((a) => formatFailed(a, claims)).join("; ")}` };
    if (!truths.includes("yes")) unknown ??= people.any[truths.indexOf("unknown")];
  }
  const cel = people.cel?.evaluate(claims) ?? "yes";
  if (cel === "no") return { truth: "no", detail: `cel: ${people.cel?.text}: it does not hold` };
  if (unknown === undefined && cel === "yes") return { truth: "yes" };
  if (unknown === undefined) return { truth: "unknown", detail: "a claim that cel reads did not arrive whole" };
  return { truth: "unknown", detail: `the claim "${unknown.claim}" did not arrive whole` };
}

function formatFailed(atom: Atom, claims: ClaimsView): string {
  const view = claims(atom.claim);
  if (!view.present) return `${atom.text}: the claim is absent`;
  if (atom.verified && !isVerified(atom.claim, claims)) return `${atom.text}: ${atom.claim}_verified is not true`;
  if (atom.test === "equals" && view.list) return `${atom.text}: the claim is a list`;
  return `${atom.text}: it does not`;
}

/** Whether somebody is certainly one of these people, by the claims of a login. */
export const isOneOf = (
  people: readonly People[],
  { identityProvider, claims }: Pick<LoginFacts, "identityProvider" | "claims">,
): boolean => {
  const view = viewClaims(claims);
  return people.some((each) => each.from === identityProvider && evaluatePeople(each, view).truth === "yes");
};

/** Who people are, in words. */
export function formatPeople({ from, all, any, not, cel }: People): string {
  const conditions = [
    ...all.map((a) => a.text),
    ...(any.length > 0 ? [`one of (${any.map((a) => a.text).join(" or ")})`] : []),
    ...not.map((a) => `not ${a.text}`),
    ...(cel === undefined ? [] : [`cel (not statically analysable): ${cel.text}`]),
  ];
  return `${conditions.length === 0 ? "everyone" : conditions.join(", and ")}, of ${from}`;
}
