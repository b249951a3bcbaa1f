import { describe, expect, it } from "vitest";
import type { IdentityProviderAlias } from "../../../src/core/index.ts";
import { failing, findPerson, matching, proofs } from "../../../src/policy/analyse/example-login.ts";
import { evaluatePeople, makeAtom } from "../../../src/policy/evaluate/match.ts";
import { viewClaims } from "../../../src/policy/evaluate/view.ts";
import type { AtomText } from "../../../src/policy/format/schema.ts";
import type { People } from "../../../src/policy/index.ts";

// The search behind every proof: for whom conditions hold, and in which ways somebody fails them.

type Texts = readonly AtomText[];
const peopleOf = ({ all = [], any = [], not = [] }: { all?: Texts; any?: Texts; not?: Texts }): People => {
  const made = (texts: Texts) => texts.map((text) => makeAtom(text));
  const source = { file: "f", line: 1 };
  return { name: "p", from: "i" as IdentityProviderAlias, all: made(all), any: made(any), not: made(not), source };
};
const found = (conditions: Parameters<typeof peopleOf>[0]) => findPerson(matching(peopleOf(conditions)), proofs());
const judged = (people: People, claims: Record<string, unknown>) => evaluatePeople(people, viewClaims(claims));

const verified = (email: string) => ({ email: { equals: email, verified: true as const } });
const ends = (suffix: string) => ({ mail: { endsWith: suffix } });

describe("an example person", () => {
  it.each<[string, Parameters<typeof peopleOf>[0], Record<string, unknown>]>([
    ["needs nothing where nothing is asked", {}, {}],
    ["has every value of a list", { all: [{ g: { has: "a" } }, { g: { has: "b" } }] }, { g: ["a", "b"] }],
    ["has one value once", { all: [{ g: { has: "a" } }, { g: { in: ["a", "b"] } }] }, { g: ["a"] }],
    ["has the one that is allowed", { all: [{ g: { in: ["a", "b"] } }], not: [{ g: { has: "a" } }] }, { g: ["b"] }],
    ["has one text where one is compared", { all: [{ d: { equals: "web" } }] }, { d: "web" }],
    ["is true", { all: [{ staff: { equals: true } }] }, { staff: true }],
    ["is false where true excludes", { not: [{ staff: { equals: true } }] }, { staff: false }],
    ["sends an empty list where only others are excluded", { not: [{ g: { has: "out" } }] }, { g: [] }],
    [
      "takes the alternative that is left",
      { any: [{ g: { has: "a" } }, { h: { has: "b" } }], not: [{ g: { has: "a" } }] },
      { g: [], h: ["b"] },
    ],
    ["is verified", { all: [verified("a@b.example")] }, { email: "a@b.example", email_verified: true }],
    [
      "is verified where somebody else's verified address excludes",
      { all: [verified("a@b.example")], not: [verified("c@d.example")] },
      { email: "a@b.example", email_verified: true },
    ],
    ["ends as asked", { all: [ends("@a.example")] }, { mail: "person@a.example" }],
    [
      "has an address for each ending",
      { all: [ends(".example"), ends("@a.example")] },
      { mail: ["person.example", "person@a.example"] },
    ],
  ])("%s", (_, conditions, claims) => {
    const people = peopleOf(conditions);
    const search = findPerson(matching(people), proofs());
    expect(search).toEqual({ kind: "found", claims });
    expect(judged(people, claims)).toEqual({ truth: "yes" });
  });

  it.each<[string, Parameters<typeof peopleOf>[0]]>([
    ["two texts at once", { all: [{ d: { equals: "a" } }, { d: { equals: "b" } }] }],
    ["true and false at once", { all: [{ d: { equals: true } }, { d: { equals: false } }] }],
    ["what is excluded", { all: [{ g: { has: "a" } }], not: [{ g: { has: "a" } }] }],
    ["what resembles what is excluded", { all: [{ g: { has: "Ops" } }], not: [{ g: { has: "ops" } }] }],
    ["none of the alternatives", { any: [{ g: { has: "a" } }, { g: { has: "b" } }], not: [{ g: { in: ["a", "b"] } }] }],
    ["an address both verified and not", { all: [verified("a@b.example"), { email_verified: { equals: false } }] }],
    ["a domain within an excluded one", { all: [ends("@a.example")], not: [ends(".example")] }],
  ])("cannot be %s", (_, conditions) => {
    expect(found(conditions)).toEqual({ kind: "none" });
  });

  it("is found however many examples are forbidden by name, or by how they end", () => {
    const first = found({ all: [ends("@a.example")] });
    const forbidden: string[] = [];
    for (let search = first; search.kind === "found" && forbidden.length < 12; ) {
      const { mail } = search.claims as { mail: string };
      expect(forbidden).not.toContain(mail);
      forbidden.push(mail);
      search = found({ all: [ends("@a.example")], not: [{ mail: { in: [...forbidden] } }] });
    }
    expect(forbidden).toHaveLength(12);
    const endings = forbidden.map((mail) => ends(mail.slice(1)));
    expect(found({ all: [ends("@a.example")], not: endings })).toMatchObject({ kind: "found" });
    expect(found({ all: [ends("@a.example")], not: [...endings, ends("a.example")] })).toEqual({ kind: "none" });
  });

  it("is found among entitlements of any namespace, but those that are excluded", () => {
    const asked = (namespace?: string) => ({
      ent: { entitlement: { group: "g", authority: "idp.a.example", ...(namespace !== undefined && { namespace }) } },
    });
    const first = found({ all: [asked()] });
    expect(first).toEqual({ kind: "found", claims: { ent: "urn:x-example:0:group:g#idp.a.example" } });
    const other = found({ all: [asked()], not: [asked("urn:x-example:0")] });
    expect(other).toMatchObject({ kind: "found", claims: { ent: "urn:x-example:1:group:g#idp.a.example" } });
    expect(found({ all: [asked()], not: [asked()] })).toEqual({ kind: "none" });
  });

  it("is neither found nor ruled out once the effort is spent", () => {
    expect(findPerson(matching(peopleOf({ all: [{ g: { has: "a" } }] })), { left: 0 })).toEqual({ kind: "unclear" });
    expect(findPerson(matching(peopleOf({ all: [{ g: { has: "a" } }] })), { left: 2 })).toEqual({ kind: "unclear" });
    const effort = { left: 50 };
    expect(findPerson(matching(peopleOf({ all: [{ g: { has: "a" } }] })), effort).kind).toBe("found");
    expect(effort.left).toBe(48);
  });
});

describe("the ways to fail", () => {
  const conditions = {
    all: [{ a: { has: "x" } }, verified("p@a.example")],
    not: [{ b: { has: "y" } }],
    any: [{ c: { has: "z" } }, { d: { has: "w" } }],
  };
  const people = peopleOf(conditions);
  const without = (part: "all" | "any" | "not") => matching(peopleOf({ ...conditions, [part]: [] }));

  it("are each condition under all, each under not, and all of any together", () => {
    expect(failing(people)).toHaveLength(4);
    expect(failing(peopleOf({}))).toEqual([]);
    expect(failing(peopleOf({ not: conditions.not }))).toHaveLength(1);
    expect(failing(peopleOf({ any: conditions.any }))).toHaveLength(1);
  });

  it.each<[number, "all" | "any" | "not", RegExp]>([
    [0, "all", /^a has "x"/],
    [1, "all", /^email is|^a has/],
    [2, "not", /^excluded.*b has "y"/],
    [3, "any", /^none of: c has "z".*; d has "w"/],
  ])("number %i of them is met by somebody who fails under %s only", (i, part, because) => {
    const search = findPerson([...without(part), ...(failing(people)[i] ?? [])], proofs());
    if (search.kind !== "found") throw new Error(search.kind);
    expect(judged(people, search.claims)).toMatchObject({ truth: "no", detail: expect.stringMatching(because) });
  });

  it("hold of nobody who must match all the same", () => {
    for (const way of failing(people))
      expect(findPerson([...matching(people), ...way], proofs())).toEqual({ kind: "none" });
  });

  it("of two lists: somebody with a group of the one and an excluded one of the other", () => {
    const [way = []] = failing(peopleOf({ not: [{ g: { has: "out" } }] }));
    expect(findPerson([...matching(peopleOf({ all: [{ g: { has: "in" } }] })), ...way], proofs())).toEqual({
      kind: "found",
      claims: { g: ["in", "out"] },
    });
  });

  it("a verified address fails by being another, or by not being verified", () => {
    const one = peopleOf({ all: [verified("p@a.example")] });
    const same = { email: { equals: "p@a.example" } };
    const [way = []] = failing(one);
    const other = { email_verified: { equals: true } };
    const search = (all: Texts) =>
      findPerson([...matching(peopleOf({ all: all.map((text) => text) })), ...way], proofs());
    expect(search([same])).toMatchObject({ kind: "found", claims: { email: "p@a.example" } });
    expect(search([other])).toMatchObject({ kind: "found", claims: { email_verified: true } });
    expect(search([same, other])).toEqual({ kind: "none" });
  });
});
