import { describe, expect, it } from "vitest";
import { bare, brokered, problemsIn } from "./kit.ts";

/** What is written, where the one problem is, what it says, and the remedy. */
const cases: readonly (readonly [name: string, text: string, at: string, message: RegExp, fix: RegExp])[] = [
  [
    "an executor that is not there",
    bare("clientProfiles: {strict: {executors: [{executor: pkce-enforcr}]}}"),
    "clientProfiles.strict.executors[0].executor",
    /no client policy executor "pkce-enforcr"/,
    /"pkce-enforcer".*extensions.executors/,
  ],
  [
    "a condition that is not there",
    bare("clientPolicies: {p: {conditions: [{condition: client-role}]}}"),
    "clientPolicies.p.conditions[0].condition",
    /no client policy condition "client-role"/,
    /"client-roles".*extensions.conditions/,
  ],
  [
    "a profile that is not there: Keycloak would heed nothing",
    bare("clientProfiles: {strict: {}}\nclientPolicies: {p: {profiles: [fapi-1-baseline, strikt]}}"),
    "clientPolicies.p.profiles[1]",
    /no client profile "strikt"/,
    /"strict".*under clientProfiles/,
  ],
  [
    "a profile of Keycloak's own",
    bare("clientProfiles: {fapi-ciba: {}}"),
    "clientProfiles.fapi-ciba",
    /Keycloak's own/,
    /anew/,
  ],
  [
    "profiles in two places",
    bare("settings: {raw: {clientProfiles: {profiles: []}}}\nclientProfiles: {strict: {}}"),
    "settings.raw.clientProfiles",
    /there twice/,
    /of the document/,
  ],
  [
    "a workflow that writes what an identity provider says",
    brokered("workflows: {w: {steps: [{uses: set-user-attribute, with: {upstream.groups: admins}}]}}"),
    "workflows.w.steps[0].with.upstream.groups",
    /nobody else writes it/,
    /another attribute/,
  ],
  ["a workflow that does nothing", bare("workflows: {w: {steps: []}}"), "workflows.w.steps", /at least one/, /^$/],
];

describe("client policies and workflows with one mistake have one problem", () => {
  it.each(cases)("%s", (_name, text, at, message, fix) => {
    const problems = problemsIn(text);
    expect(problems.map((p) => p.path)).toEqual([at]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix ?? "").toMatch(fix);
  });
});
