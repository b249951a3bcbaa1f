import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, mustFail, mustLoad } from "./kit.ts";

// The tests that stand in policy files: what they expect of a login, and where a wrong expectation is told.

const files = (as: string, expected: string) =>
  acme(`sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
  boss: [{openstack: {role: manager, on: domain}}]
people:
  devs: {from: acme-idp, all: [{groups: {has: devs}}]}
  bosses: {from: acme-idp, all: [{groups: {has: bosses}}]}
grants:
  - {id: d, give: dev, to: devs, at: [gx1]}
  - {id: also, give: dev, to: devs, at: [gx1]}
  - {id: b, give: boss, to: bosses, at: [gx1], require: {amr: [mfa], acr: [high]}, valid: {from: 2027-01-01}}
tests:
  - {name: t, as: {upstream: acme-idp, ${as}}, expect: {${expected}}}
`);
const message = (as: string, expected: string) =>
  mustFail(files(as, expected)).map((problem) => formatProblem(problem).split("\n")[0]);
const fixes = (as: string, expected: string) => mustFail(files(as, expected)).map(({ fix }) => fix);

const dev = "gx1 project acme/dev member";
const boss = "gx1 domain acme manager";
const devs = "claims: {groups: [devs]}";
const bosses = "claims: {groups: [bosses]}, amr: [mfa], acr: high";

describe("a test in a file", () => {
  it.each([
    [devs, `exactly: [${dev}]`],
    [devs, `includes: [${dev}], excludes: [${boss}]`],
    ["claims: {groups: []}", "nothing: true"],
    ["claims: {}", "nothing: true"],
    [bosses, `exactly: [${boss}]`],
    [`${bosses}, at: 2027-01-01`, `exactly: [${boss}]`],
    [`${bosses}, at: "2026-12-31T23:59:59Z"`, "nothing: true"],
    [bosses.replace("mfa", "pwd"), "nothing: true"],
    [bosses.replace("high", "low"), "nothing: true"],
    ["claims: {groups: [bosses]}, amr: [mfa]", "nothing: true"],
    [`${bosses}, flow: browser, client: x`, `exactly: [${boss}]`],
    [`${bosses}, flow: device, client: x`, "nothing: true"],
    ["claims: {_claim_names: {groups: s}}", "unknown: true"],
  ])("as {%s} expects %s", (as, expected) => {
    mustLoad(files(as, expected));
  });

  it("that misses something says what, at its item, and what is given that is near, or why it is not", () => {
    expect(message(devs, `exactly: [${dev}, gx1 project acme/dev reader]`)).toEqual([
      'acme.yaml:14:115: tests[0].expect.exactly[1]: test "t": "gx1 project acme/dev reader" is not given',
    ]);
    expect(fixes(devs, `includes: [gx1 project acme/def member]`)).toEqual([`is given: ${dev}`]);
    expect(fixes("claims: {groups: [bosses]}", `includes: [${boss}]`)).toEqual([
      expect.stringMatching(/^grant b requires the authentication method mfa$/),
    ]);
    expect(fixes("claims: {}", `includes: [${boss}]`)).toEqual([undefined]);
  });

  it("that sees more than it expects names each once, with the grants that give it and their lines", () => {
    const more = `test "t": "${dev}" is given too, by grant d (acme.yaml:10), also (acme.yaml:11)`;
    expect(message(devs, "nothing: true")).toEqual([expect.stringContaining(`tests[0].expect.nothing: ${more}`)]);
    expect(message(devs, "exactly: []")).toEqual([expect.stringContaining(`tests[0].expect.exactly: ${more}`)]);
    expect(message("claims: {groups: [devs, bosses]}, amr: [mfa], acr: high", `exactly: [${dev}]`)).toEqual([
      expect.stringContaining(`"${boss}" is given too, by grant b (acme.yaml:12)`),
    ]);
  });

  it("that sees what must not be says so at its item", () => {
    expect(message(devs, `includes: [${dev}], excludes: [${boss}, ${dev}]`)).toEqual([
      expect.stringMatching(/^acme\.yaml:14:\d+: tests\[0\]\.expect\.excludes\[1\]: test "t": ".*" is given$/),
    ]);
  });

  it("that expects doubt, or none, is told so", () => {
    const away = "claims: {_claim_names: {groups: s}}";
    expect(message(away, "nothing: true")).toEqual([
      expect.stringMatching(/^acme\.yaml:14:\d+: tests\[0\]\.expect: test "t": cannot be decided: /),
    ]);
    expect(message(devs, "unknown: true")).toEqual([
      expect.stringMatching(/^acme\.yaml:14:\d+: tests\[0\]\.expect\.unknown: test "t": was decided$/),
    ]);
  });
});
