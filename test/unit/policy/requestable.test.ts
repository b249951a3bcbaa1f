import { describe, expect, it } from "vitest";
import type { TenantName } from "../../../src/core/index.ts";
import { claimsThatCount, isOneOf, loadPolicy, reverse } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad } from "./kit.ts";

const body = `sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
  boss: [{openstack: {role: manager, on: domain}}]
people:
  p: {from: acme-idp, all: [{groups: {has: p}}]}
  leads: {from: acme-idp, all: [{rank: {equals: lead}}]}
grants: [{id: g, give: dev, to: p, at: [gx1]}]
`;
const policyOf = (more: string) => mustLoad(acme(`${body}${more}`));
const requestableOf = (more: string) => policyOf(more).rules.get("acme" as TenantName)?.requestable;
const said = (more: string) =>
  mustFail(acme(`${body}${more}`)).map((problem) => formatProblem(problem).replace(/\s+/g, " "));

describe("what people may ask for", () => {
  it("is nothing unless it is said", () => expect(requestableOf("")).toBeUndefined());

  it("is the named sets, for a week, decided within a week by any manager", () => {
    const { sets = [], ...rest } = requestableOf("requestable: {sets: [dev]}\n") ?? {};
    expect(sets.map(({ name }) => name)).toEqual(["dev"]);
    expect(rest).toMatchObject({ longest: 7 * 86_400, wait: 7 * 86_400, deciders: [] });
  });

  it("has the times and the deciders that are said", () => {
    const found = requestableOf("requestable: {sets: [dev], longest: 12h, wait: 2d, deciders: [leads]}\n");
    expect(found).toMatchObject({ longest: 43_200, wait: 172_800, deciders: [{ name: "leads" }] });
  });

  it.each([
    ["requestable: {sets: [dve]}\n", /unknown set "dve".*dev/],
    ["requestable: {sets: [dev], deciders: [led]}\n", /unknown people "led"/],
    ["requestable: {sets: [dev], longest: 367d}\n", /at most 366 days/],
    ["requestable: {sets: []}\n", /sets/],
    [
      "requestable: {sets: [dev]}\n---\nkind: Policy\ntenant: acme\nrequestable: {sets: [dev]}\n",
      /"requestable" is defined twice/,
    ],
  ])("%s is a mistake", (more, why) => expect(said(more)).toContainEqual(expect.stringMatching(why)));

  it("that only an operator gives is worth a word", () => {
    const warned = policyOf("requestable: {sets: [dev, boss]}\n").warnings(login({}).at);
    expect(warned.map(({ message }) => message)).toContainEqual(expect.stringMatching(/nobody can ask for "boss"/));
  });

  it("is part of the policy's meaning", () => {
    const digests = ["", "requestable: {sets: [dev]}\n", "requestable: {sets: [dev], longest: 1d}\n"].map(
      (more) => policyOf(more).digest,
    );
    expect(new Set(digests).size).toBe(3);
  });
});

describe("who decides", () => {
  const policy = policyOf("requestable: {sets: [dev], deciders: [leads]}\n");
  const deciders = policy.rules.get("acme" as TenantName)?.requestable?.deciders ?? [];

  it("is judged by the claims, and a claim that did not arrive is no", () => {
    expect(isOneOf(deciders, login({ rank: "lead" }))).toBe(true);
    expect(isOneOf(deciders, login({ rank: "dev" }))).toBe(false);
    expect(isOneOf(deciders, login({ _claim_names: { rank: "elsewhere" } }))).toBe(false);
    expect(isOneOf(deciders, login({ rank: "lead" }, { identityProvider: "acme-two" }))).toBe(false);
  });

  it("keeps the claim that says so with the known people", () =>
    expect(claimsThatCount(policy, login({ rank: "lead", other: 1 }))).toEqual({ rank: "lead" }));
});

it("an undo says that it leaves what people may ask for as it is", () => {
  const text = (more: string) => new Map([["acme.yaml", `kind: Policy\ntenant: acme\n${body}${more}`]]);
  const [before, after] = [text(""), text("requestable: {sets: [dev]}\n")];
  expect(reverse(before, after, after, { tenant: "acme", tenants: ["acme"] })).toMatchObject({
    ok: true,
    value: { open: [], left: ["requestable"] },
  });
  expect(loadPolicy(acme(`${body}requestable: {sets: [dev]}\n`)).ok).toBe(true);
});
