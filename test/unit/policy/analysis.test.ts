import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claims, type IdentityProviderAlias, instant, parseTime } from "../../../src/core/index.ts";
import { failing, findPerson, matching, proofs } from "../../../src/policy/analyse/example-login.ts";
import { evaluatePeople, makeAtom } from "../../../src/policy/evaluate/match.ts";
import { viewClaims } from "../../../src/policy/evaluate/view.ts";
import type { AtomText } from "../../../src/policy/format/schema.ts";
import type { People, Policy } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, targets, tenant } from "./kit.ts";
import { type AtomDraft, anybody, atom, write } from "./random-policy.ts";

const sets = `sets:
  boss: [{openstack: {role: manager, on: domain}}]
  audit: [{openstack: {role: reader, on: domain}}]
  dev: [{openstack: {role: member, on: {project: dev}}}]
`;
const unsettled = (people: string[], grants: string[], more = "") =>
  acme(
    `${sets}people:\n${people.map((p) => `  ${p}\n`).join("")}grants:\n${grants.map((g) => `  - ${g}\n`).join("")}${more}`,
  );
/** The operator has said which device logins may carry managers: none. */
const written = (...draft: Parameters<typeof unsettled>) =>
  unsettled(...draft).map(({ file, text }) => ({
    file,
    text: text.replace("kind: Targets\n", "kind: Targets\ndeviceLogin: {allow: []}\n"),
  }));
const saying = (files: readonly { file: string; text: string }[]) => mustFail(files).map(formatProblem).join("\n");
const now = instant(1_790_000_000);
const warned = (policy: Policy, at = now) =>
  policy.warnings(at).map(({ file, line, message }) => `${file}:${line} ${message}`);

const bosses = "bosses: {from: acme-idp, all: [{groups: {has: bosses}}]}";
const auditors = "auditors: {from: acme-idp, all: [{groups: {has: auditors}}]}";
const apart = "rules:\n  - never-together: [boss, audit]\n";
const gives = ["{id: b, give: boss, to: bosses, at: [gx1]}", "{id: a, give: audit, to: auditors, at: [gx1]}"];

describe("sets that nobody may hold together", () => {
  it("an example of a person who would is printed, with both grants and their lines", () => {
    expect(saying(written([bosses, auditors], gives, apart))).toMatch(
      /acme\.yaml:14:21: rules\[0\]\.never-together: a person of acme-idp with \{"groups":\["bosses","auditors"\]\} would hold both: boss by grant b \(acme\.yaml:11\) and audit by grant a \(acme\.yaml:12\)[\s\S]*fix: exclude one from the other/,
    );
  });

  it.each([
    ["one excludes the other", [bosses, auditors.replace("}]}", "}], not: [{groups: {has: bosses}}]}")], gives],
    [
      "they compare one value that cannot be two",
      [bosses.replace("groups: {has", "dep: {equals"), auditors.replace("groups: {has", "dep: {equals")],
      gives,
    ],
    ["they come through two identity providers", [bosses, auditors.replace("acme-idp", "acme-two")], gives],
    [
      "one ends before the other begins",
      [bosses, auditors],
      [
        gives[0]?.replace("}", ", valid: {until: 2027-01-01}}") ?? "",
        gives[1]?.replace("}", ", valid: {from: 2027-01-01}}") ?? "",
      ],
    ],
  ])("hold when %s", (_, people, grants) => {
    mustLoad(written(people, grants, apart));
  });

  it("what a login must show keeps nobody apart: a person may log in twice", () => {
    const grants = [gives[0] ?? "", gives[1]?.replace("}", ", require: {amr: [mfa]}}") ?? ""];
    expect(saying(written([bosses, auditors], grants, apart))).toContain("would hold both");
  });

  it("a verified condition and its opposite keep people apart", () => {
    const mail = '{email: {endsWith: "@acme.example", verified: true}}';
    const people = [
      `bosses: {from: acme-idp, all: [${mail}]}`,
      `auditors: {from: acme-idp, all: [{groups: {has: x}}], not: [${mail}]}`,
    ];
    mustLoad(written(people, gives, apart));
  });

  it("a proof that would take too long is no proof", () => {
    const many = (name: string) =>
      `${name}: {from: acme-idp, any: [${Array.from({ length: 90 }, (_, i) => `{dep: {equals: ${name}${i}}}`).join(", ")}]}`;
    expect(saying(written([many("bosses"), many("auditors")], gives, apart))).toContain("too many alternatives");
  });

  it.each([
    ["an unknown set", "rules: [{never-together: [boss, adit]}]", /unknown set "adit"[\s\S]*"audit"/],
    ["a set twice", "rules: [{never-together: [boss, boss]}]", /listed twice/],
    ["a count of an unknown set", "rules: [{count: {set: bos, min: 1}}]", /unknown set "bos"[\s\S]*"boss"/],
    ["a count that cannot be", "rules: [{count: {set: boss, min: 3, max: 2}}]", /at least min and at most max/],
    ["a count of nothing", "rules: [{count: {set: boss}}]", /"min" or "max" expected/],
  ])("%s is a problem", (_, rules, pattern) => {
    expect(saying(written([bosses, auditors], gives, `${rules}\n`))).toMatch(pattern);
  });
});

describe("conditions that contradict each other", () => {
  it.each([
    ["the same in all and not", "all: [{groups: {has: x}}], not: [{groups: {in: [x, y]}}]"],
    ["two values of one text", "all: [{dep: {equals: x}}, {dep: {equals: y}}]"],
    ["a value that does not end so", "all: [{dep: {equals: x}}, {dep: {endsWith: y}}]"],
    ["a domain within an excluded one", 'all: [{m: {endsWith: "@b.example"}}], not: [{m: {endsWith: b.example}}]'],
    ["every alternative excluded", "any: [{groups: {has: x}}, {groups: {has: y}}], not: [{groups: {in: [x, y]}}]"],
    ["verified and not", "all: [{email: {equals: a@b.example, verified: true}}, {email_verified: {equals: false}}]"],
  ])("%s: a problem at the people's line", (_, conditions) => {
    expect(saying(written([`bosses: {from: acme-idp, ${conditions}}`, auditors], gives))).toMatch(
      /acme\.yaml:8:3: people\.bosses: nobody can ever be among them: /,
    );
  });

  it("the search finds a person exactly when trying every value does, and the person matches", () => {
    const some = fc.record({
      all: fc.array(atom, { maxLength: 3 }),
      any: fc.array(atom, { maxLength: 3 }),
      not: fc.array(atom, { maxLength: 3 }),
    });
    const made = (drafts: AtomDraft[]) => drafts.map((d) => makeAtom(JSON.parse(write(d)) as AtomText));
    const base = mustLoad(written([bosses], [gives[0] ?? ""]))
      .rules.get(tenant("acme"))
      ?.people.get("bosses");
    if (base === undefined) throw new Error("no people");
    let none = 0;
    fc.assert(
      fc.property(some, (draft) => {
        const people = { ...base, all: made(draft.all), any: made(draft.any), not: made(draft.not) };
        const found = findPerson(matching(people), proofs());
        expect(found.kind).toBe(anybody(draft) ? "found" : "none");
        if (found.kind === "none") none++;
        if (found.kind === "found") expect(evaluatePeople(people, viewClaims(found.claims)).truth).toBe("yes");
      }),
      { numRuns: 400, seed: 6 },
    );
    expect(none).toBeGreaterThan(30);
  });
});

describe("the search for a person", () => {
  const mailbox = fc.constantFrom("bob@a.example", "Bob@a.example", "eve@b.example", "bob@a.example.");
  const about = fc.oneof(
    fc.record({ equals: mailbox }),
    fc.record({ in: fc.uniqueArray(mailbox, { minLength: 1 }) }),
    fc.record({ endsWith: fc.constantFrom("@a.example", "@b.example", ".example") }),
  );
  const mail = fc
    .tuple(fc.constantFrom("email", "mail"), about, fc.boolean())
    .map(([claim, of, verified]) =>
      makeAtom({ [claim]: { ...of, ...(verified && { verified: true as const }) } } as AtomText),
    );

  it("finds only people who match, and for each way to fail one who does not, with addresses too", () => {
    const seen = { found: 0, failing: 0 };
    const of = fc.array(mail, { maxLength: 2 });
    fc.assert(
      fc.property(of, of, of, (all, any, not) => {
        const people: People = {
          name: "p",
          from: "i" as IdentityProviderAlias,
          all,
          any,
          not,
          source: { file: "f", line: 1 },
        };
        const judge = (claims: Claims) => evaluatePeople(people, viewClaims(claims)).truth;
        const found = findPerson(matching(people), proofs());
        if (found.kind === "found") expect([judge(found.claims), ++seen.found > 0]).toEqual(["yes", true]);
        for (const way of failing(people)) {
          const other = findPerson(way, proofs());
          if (other.kind === "found") expect([judge(other.claims), ++seen.failing > 0]).toEqual(["no", true]);
        }
      }),
      { numRuns: 500, seed: 77 },
    );
    expect([seen.found > 100, seen.failing > 500]).toEqual([true, true]);
  });
});

describe("warnings", () => {
  const seen =
    "tests:\n  - {name: t, as: {upstream: acme-idp, claims: {groups: [bosses, auditors]}}, expect: {includes: [gx1 domain acme manager]}}\n";
  it("a grant that no test sees given, at its line", () => {
    expect(warned(mustLoad(written([bosses, auditors], gives)))).toEqual([
      'acme.yaml:11 no test sees grant "b" given',
      'acme.yaml:12 no test sees grant "a" given',
    ]);
    expect(warned(mustLoad(written([bosses, auditors], gives, seen)))).toEqual([]);
  });

  it("a set that no login with a code carries, until the operator has said so or named who may", () => {
    const warning = "acme.yaml:4 a login with a code (device) carries nothing of this set, since it holds manager";
    const [problem] = mustLoad(unsettled([bosses, auditors], gives, seen)).warnings(now);
    expect(`${problem?.file}:${problem?.line} ${problem?.message}`).toBe(warning);
    expect(problem?.fix).toMatch(/cloudpass login in a browser beside the program; set deviceLogin\.allow/);
    expect(warned(mustLoad(written([bosses, auditors], gives, seen)))).toEqual([]);
  });

  it("a window that is over, from its end on", () => {
    const grants = [gives[0] ?? "", gives[1]?.replace("}", ", valid: {until: 2027-01-01}}") ?? ""];
    const policy = mustLoad(written([bosses, auditors], grants, seen));
    const end = parseTime("2027-01-01") ?? now;
    expect(warned(policy, instant(end - 1))).toEqual([]);
    expect(warned(policy, end)).toEqual(["acme.yaml:12 this window is over: the grant gives nothing any more"]);
  });

  it.each([
    ["the same people", bosses, ""],
    ["some of the people", "some: {from: acme-idp, all: [{groups: {has: bosses}}, {dep: {has: x}}]}", ""],
    [
      "one of the alternatives",
      "some: {from: acme-idp, all: [{groups: {has: bosses}}], any: [{dep: {has: x}}, {dep: {has: y}}]}",
      "",
    ],
    ["the same people for a while", bosses, ", valid: {until: 2099-01-01}"],
    ["the same people with a second factor", bosses, ", require: {amr: [mfa]}"],
  ])("a grant to %s of another gives nothing new", (_, people, more) => {
    const name = people.slice(0, people.indexOf(":"));
    const grants = [gives[0] ?? "", `{id: more, give: boss, to: ${name}, at: [gx1]${more}}`];
    expect(warned(mustLoad(written([...new Set([bosses, people])], grants))).join("\n")).toContain(
      'grant "b" (acme.yaml',
    );
  });

  it.each([
    ["other people", "some: {from: acme-idp, all: [{dep: {has: x}}]}", ""],
    ["fewer exceptions", "some: {from: acme-idp, any: [{groups: {has: bosses}}, {dep: {has: x}}]}", ""],
    ["people of another identity provider", "some: {from: acme-two, all: [{groups: {has: bosses}}]}", ""],
  ])("a grant to %s is not superfluous", (_, people, more) => {
    const grants = [gives[0] ?? "", `{id: more, give: boss, to: some, at: [gx1]${more}}`];
    expect(warned(mustLoad(written([bosses, people], grants))).filter((w) => !w.includes("no test"))).toEqual(
      people.includes("any:")
        ? ['acme.yaml:11 grant "more" (acme.yaml:12) gives all of this, to all of these people']
        : [],
    );
  });

  it("everybody of an identity provider where anybody can have an account", () => {
    const everyone = (alias: string, declared = "") => {
      const files = written([`all: {from: ${alias}, everyone: true}`], ["{id: g, give: audit, to: all, at: [gx1]}"]);
      return warned(
        mustLoad(
          files.map(({ file, text }) => ({
            file,
            text: text.replace("acme-two]", `${alias}]`) + (file === "targets.yaml" ? declared : ""),
          })),
        ),
      );
    };
    const message = /^acme\.yaml:8 anybody can have an account at/;
    expect(everyone("acme-google").some((w) => message.test(w))).toBe(true);
    expect(everyone("goo").some((w) => message.test(w))).toBe(false);
    expect(everyone("goo", "upstreams: {goo: {public: true}}\n").some((w) => message.test(w))).toBe(true);
    expect(everyone("acme-google", "upstreams: {acme-google: {public: false}}\n").some((w) => message.test(w))).toBe(
      false,
    );
  });

  it("an identity provider that no tenant has cannot be declared", () => {
    const files = written([bosses, auditors], gives);
    expect(
      saying([{ file: "targets.yaml", text: `${targets}upstreams: {acme-ipd: {}}\n` }, ...files.slice(1)]),
    ).toMatch(/"acme-ipd" is the identity provider of no tenant[\s\S]*"acme-idp"/);
  });
});

describe("windows with a time zone", () => {
  const open = (valid: string, at: string) => {
    const grants = [`{id: b, give: boss, to: bosses, at: [gx1], valid: ${valid}}`];
    return (
      said(mustLoad(written([bosses], grants)).decide(login({ groups: "bosses" }, { at: parseTime(at) }))).length > 0
    );
  };

  it("follow the clocks of the zone through summer time, and end the moment that is not included", () => {
    const summer = "{from: 2027-07-01T08:00, until: 2027-10-31T18:00, zone: Europe/Berlin}";
    expect(
      ["2027-07-01T05:59:59Z", "2027-07-01T06:00:00Z", "2027-10-31T16:59:59Z", "2027-10-31T17:00:00Z"].map((at) =>
        open(summer, at),
      ),
    ).toEqual([false, true, true, false]);
    const days = "{from: 2027-07-01, until: 2027-07-02, zone: America/New_York}";
    expect(
      ["2027-07-01T03:59:59Z", "2027-07-01T04:00:00Z", "2027-07-02T03:59:59Z", "2027-07-02T04:00:00Z"].map((at) =>
        open(days, at),
      ),
    ).toEqual([false, true, true, false]);
    expect(open("{until: 2027-07-02T00:00+02:00, zone: America/New_York}", "2027-07-01T22:00:00Z")).toBe(false);
  });

  it.each([
    [
      "no offset and no zone",
      "{until: 2027-01-31T18:00}",
      /"2027-01-31T18:00" is not a time[\s\S]*zone: Europe\/Berlin/,
    ],
    [
      "an hour that does not exist",
      "{until: 2027-03-28T02:30, zone: Europe/Berlin}",
      /the clocks of Europe\/Berlin leave 2027-03-28T02:30 out/,
    ],
    ["an hour that comes twice", "{until: 2027-10-31T02:30, zone: Europe/Berlin}", /show 2027-10-31T02:30 twice/],
    ["a day that does not exist", "{until: 2027-02-30, zone: Europe/Berlin}", /is not a time/],
    [
      "an unknown zone",
      "{until: 2027-01-31, zone: Europe/Bonn}",
      /the name of a time zone like Europe\/Berlin expected/,
    ],
    ["an offset as zone", '{until: 2027-01-31, zone: "+01:00"}', /the name of a time zone/],
    [
      "an inverted window across zones",
      "{from: 2027-01-31T18:00Z, until: 2027-01-31T18:30, zone: Europe/Berlin}",
      /never open/,
    ],
  ])("%s is a problem at its line", (_, valid, pattern) => {
    expect(saying(written([bosses], [`{id: b, give: boss, to: bosses, at: [gx1], valid: ${valid}}`]))).toMatch(pattern);
  });
});
