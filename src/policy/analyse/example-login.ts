import type { Claims } from "../../core/index.ts";
import { exampleEntitlement } from "../evaluate/entitlement-urn.ts";
import { evaluateAtom, evaluateNot } from "../evaluate/match.ts";
import { viewClaims } from "../evaluate/view.ts";
import type { Atom, People } from "../model.ts";

/*
 * Searches for a person: claims for whom a list of conditions holds. Conditions compare with a finite number of values,
 * so it is enough to try those and, for each suffix, as many fresh texts as there are values that could forbid one; when
 * all fail, there is no such person. Lists are always tried: an identity provider may send one where a text was expected.
 */

/**
 * What must be so of a condition: that it holds or fails where it includes, that it excludes or passes under `not`. An
 * uncertain one does neither hold nor pass.
 */
interface Literal {
  readonly atom: Atom;
  readonly wants: "holds" | "fails" | "excludes" | "passes";
}

/** Alternatives, of which one must hold as a whole. */
type Clause = readonly (readonly Literal[])[];

/** What must be so for the people to match. Their `cel` is left out: it may hold for anybody. */
export const matching = (people: People): readonly Clause[] => [
  ...people.all.map((atom): Clause => [plainly(atom, "holds")]),
  ...people.not.map((atom): Clause => [plainly(atom, "passes")]),
  ...(people.any.length > 0 ? [people.any.map((atom) => plainly(atom, "holds"))] : []),
];

/**
 * The ways in which people fail to match, each a list of clauses: who fails, fails in one of them. Their `cel` is taken
 * to hold.
 */
export const failing = (people: People): readonly (readonly Clause[])[] => [
  ...people.all.map((atom) => [oneOf(plainly(atom, "fails"))]),
  ...people.not.map((atom) => [oneOf(plainly(atom, "excludes"))]),
  ...(people.any.length > 0 ? [people.any.map((atom) => oneOf(plainly(atom, "fails")))] : []),
];

const oneOf = (literals: readonly Literal[]): Clause => literals.map((literal) => [literal]);

/** A verified condition is two: on the claim, and on the claim that says it was verified. */
function plainly(atom: Atom, wants: Literal["wants"]): Literal[] {
  if (!atom.verified) return [{ atom, wants }];
  const claim = `${atom.claim}_verified`;
  const flag: Atom = { claim, test: "equals", values: [true], verified: false, text: `${claim} is true` };
  const believed = wants === "holds" || wants === "passes";
  return [
    { atom: { ...atom, verified: false }, wants },
    { atom: flag, wants: believed ? "holds" : "fails" },
  ];
}

/** What a search found: an example person, the proof that there is none, or that it would take too long to say. */
type Search =
  | { readonly kind: "found"; readonly claims: Claims }
  | { readonly kind: "none" }
  | { readonly kind: "unclear" };

/** Tries of one search. Real policies need some dozens; a file made to keep us busy must not. */
const mostTries = 5000;

/**
 * What the searches of one load may cost together, in comparisons of one condition with one value; some five microseconds
 * each. Grants are compared in pairs, so the number of grants alone says too little (S-78).
 */
export interface Effort {
  left: number;
}

/** Enough for some hundred grants on either side of a separation of duties. */
export const proofs = (): Effort => ({ left: 1_000_000 });
/** Hints are given up earlier: nobody is kept out by a missing one. */
export const hints = (): Effort => ({ left: 300_000 });

/** Looks for a person who meets all clauses. */
export function findPerson(clauses: readonly Clause[], effort: Effort): Search {
  let tries = 0;
  // Clauses with one alternative first: what they settle rules out most of the others' at once.
  const open = [...clauses].sort((a, b) => a.length - b.length);
  const search = (at: number, chosen: readonly Literal[]): Claims | undefined => {
    const clause = open[at];
    if (clause === undefined || clause.length > 1) {
      const claims = ++tries > mostTries || effort.left <= 0 ? undefined : claimsFor(chosen, effort);
      if (claims === undefined || clause === undefined) return claims;
    }
    for (const alternative of clause) {
      const claims = search(at + 1, [...chosen, ...alternative]);
      if (claims !== undefined) return claims;
    }
    return undefined;
  };
  const claims = search(0, []);
  if (claims !== undefined) return { kind: "found", claims };
  return { kind: tries > mostTries || effort.left <= 0 ? "unclear" : "none" };
}

function claimsFor(literals: readonly Literal[], effort: Effort): Claims | undefined {
  const claims: Record<string, unknown> = {};
  for (const [claim, own] of Map.groupBy(literals, ({ atom }) => atom.claim)) {
    const fits = (of: Claims) => {
      effort.left -= own.length;
      return effort.left > 0 && meets(of, own);
    };
    if (fits({})) continue;
    const value = firstThat(valuesFor(own), (one) => fits({ [claim]: one }));
    if (value === undefined) return undefined;
    claims[claim] = value;
  }
  return claims;
}

function firstThat(values: Iterable<unknown>, holds: (value: unknown) => boolean): unknown {
  for (const value of values) if (holds(value)) return value;
  return undefined;
}

const meets = (claims: Claims, literals: readonly Literal[]): boolean => {
  const view = viewClaims(claims);
  return literals.every(({ atom, wants }) => {
    if (wants === "holds" || wants === "fails") return (evaluateAtom(atom, view) === "yes") === (wants === "holds");
    return (evaluateNot(atom, view).truth === "no") === (wants === "passes");
  });
};

/** No text, so that no condition under `not` can rule itself out by it. */
const odd = 0;

/**
 * Candidates for one claim: a list with an allowed example for each condition, each example alone, values that nobody
 * named, and a list with something odd in it. One after the other, since the first ones mostly do.
 */
function* valuesFor(literals: readonly Literal[]): Generator<unknown> {
  const wanted = literals.filter(({ wants }) => wants === "holds").map(({ atom }) => atom);
  const excluded = literals.filter(({ wants }) => wants === "excludes").map(({ atom }) => atom);
  const unwanted = literals.filter(({ wants }) => wants === "fails" || wants === "passes");
  const spare = unwanted.reduce((sum, { atom }) => sum + atom.values.length + 1, 1);
  const [first = excluded[0]] = wanted;
  const pick = (atom: Atom) => examples(atom, spare).find((value) => meets({ [atom.claim]: [value] }, unwanted));
  const lists = function* () {
    const picks = wanted.map(pick);
    if (picks.includes(undefined)) return;
    const list = [...new Set(picks)];
    yield list;
    yield [...list, ...excluded.flatMap((atom) => pick(atom) ?? [])];
    yield [...list, odd];
  };
  const single = wanted.some(({ test }) => test !== "in");
  if (!single) yield* lists();
  if (first !== undefined) yield* examples(first, spare);
  if (single) yield* lists();
  for (let i = 0; i < spare; i++) yield fresh(i);
  yield* [true, false];
}

/** Texts that differ in their last letters. */
const fresh = (i: number): string => `p${String.fromCodePoint(0x4e00 + i)}`;

/** Values for which a condition holds: all there are, or so many that `spare - 1` forbidden ones cannot be all of them. */
function examples(atom: Atom, spare: number): (string | boolean)[] {
  if (atom.membership !== undefined) {
    const asked = atom.membership;
    return Array.from({ length: spare }, (_, i) => exampleEntitlement(asked, `urn:x-example:${i}`));
  }
  if (atom.test !== "endsWith") return [...atom.values];
  // Their last letters differ, so a longer forbidden suffix excludes one of them at the most.
  return ["person", ...Array.from({ length: spare }, (_, i) => fresh(i))].map(
    (start) => `${start}${String(atom.values[0])}`,
  );
}
