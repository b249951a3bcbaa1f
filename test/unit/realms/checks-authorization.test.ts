import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/yaml/index.ts";
import { bare, loadTexts, problemsIn } from "./kit.ts";

const clients = (entry: string) => bare(`clients: {c: {template: custom, ${entry}}}`);
const guarding = (entry: string) => clients(`machine: true, authorization: {${entry}}`);

/** What is written, where the one problem is, what it says, and the remedy. */
const cases: readonly (readonly [name: string, text: string, at: string, message: RegExp, fix: RegExp])[] = [
  [
    "authorization services without an account",
    clients("authorization: {}"),
    "",
    /with an account of its own/,
    /machine: true/,
  ],
  [
    "a permission for a resource that is not there",
    guarding("resources: {papers: {}}, permissions: {p: {resources: [paper]}}"),
    ".permissions.p.resources[0]",
    /no resource "paper"/,
    /"papers"/,
  ],
  [
    "a resource with a scope that is not there",
    guarding("scopes: {see: {}}, resources: {papers: {scopes: [seen]}}"),
    ".resources.papers.scopes[0]",
    /no scope "seen"/,
    /"see"/,
  ],
  [
    "a policy of policies that are not there",
    guarding("policies: {all: {type: aggregate, policies: [al]}}"),
    ".policies.all.policies[0]",
    /no policy "al"/,
    /"all"/,
  ],
  [
    "a policy that decides by itself",
    guarding("policies: {all: {type: aggregate, policies: [all]}}"),
    ".policies.all.policies",
    /decides by itself/,
    /remove one/,
  ],
  [
    "a permission called like a policy",
    guarding("policies: {p: {type: client}}, permissions: {p: {}}"),
    ".permissions.p",
    /one set of names/,
    /anew/,
  ],
  [
    "a policy that a jar brings, unnamed",
    guarding("policies: {p: {type: custom, provider: script-own.js}}"),
    ".policies.p.provider",
    /no policy of type "script-own.js"/,
    /extensions.policies/,
  ],
  [
    "code in a policy",
    `${guarding("policies: {p: {type: custom, provider: js, config: {code: grant()}}}")}\nextensions: {policies: [js]}`,
    ".policies.p.config.code",
    /never in a realm file/,
    /into a jar/,
  ],
  [
    "a time that is none",
    guarding("policies: {p: {type: time, notBefore: tomorrow}}"),
    ".policies.p.notBefore",
    /a time like/,
    /^$/,
  ],
];

describe("authorization services with one mistake have one problem", () => {
  it.each(cases)("%s", (_name, text, at, message, fix) => {
    const problems = problemsIn(text);
    expect(problems.map((p) => p.path)).toEqual([`clients.c.authorization${at}`]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix ?? "").toMatch(fix);
  });

  it("a policy that a jar brings may be named", () => {
    const text = `${guarding("policies: {p: {type: custom, provider: script-own.js}}")}\nextensions: {policies: [script-own.js]}`;
    const loaded = loadTexts([text]);
    expect(loaded.ok ? [] : loaded.refusal.map(formatProblem)).toEqual([]);
  });
});
