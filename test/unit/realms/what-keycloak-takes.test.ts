import { describe, expect, it } from "vitest";
import { recheckTable, stageTable } from "../../../src/realms/recheck.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { bare, brokered, loadTexts, pick, resourcesOf } from "./kit.ts";

const custom = (id: string, more = "") => `{id: ${JSON.stringify(id)}, template: custom, provider: oidc${more}}`;

const everybody = "roles: {everybody: {clients: {toString: [r]}}}\n";

/** Problems as text; none when the documents are good. */
function said(...texts: readonly string[]): string {
  const loaded = loadTexts(texts);
  return loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n");
}

describe("a realm without a broker may call things whatever Keycloak takes", () => {
  it.each([
    ["a realm with a blank, an umlaut, a quote", 'kind: Realm\nrealm: "Größe \'x"'],
    ["a client with blanks at its ends", bare('clients: {" a b ": {template: custom}}')],
    ["a role with a tab and a line end", bare('roles: {realm: {"a\\tb\\nc": {}}}')],
    ["things called like a property of objects", bare("roles: {realm: {toString: {}, hasOwnProperty: {}}}")],
    ["a group with a slash, beside one that Keycloak calls the same", bare("groups: {a/b: {}, a: {groups: {b: {}}}}")],
    ["an alias with an umlaut", bare(`upstreams: [${custom("größe")}]`)],
    [
      "a client that is called as a property of objects, in two documents",
      bare(`${everybody}---\nkind: RealmPart\nrealm: x\n${everybody}`),
    ],
    ["an organization with a dot and an umlaut", bare("organizations: [{id: Süd.1, name: x, domains: [a.example]}]")],
    ["an organization without a domain", bare("organizations: [{id: a, name: x}]")],
    [
      "a domain of one word, or with a star",
      bare("organizations: [{id: a, name: x, domains: [local, '*.a.example']}]"),
    ],
    ["a setting that sounds like a flow", bare("settings: {raw: {accessTokenLifespanForImplicitFlow: 300}}")],
    [
      "a mapper of the other protocol, written out",
      bare(
        "clients: {c: {template: custom, protocol: saml, mappers: {m: {type: custom, protocol: openid-connect, mapper: oidc-sub-mapper}}}}",
      ),
    ],
  ])("%s", (_what, text) => {
    expect(said(text)).toBe("");
  });

  it.each([
    ["a realm", 'kind: Realm\nrealm: "a b"\nbroker: {issuer: https://login.example}', /no spaces/],
    ["an alias", brokered(`upstreams: [${custom("git hub")}]`), /no spaces/],
    ["an organization", brokered("organizations: [{id: a b, name: x, domains: [a.example]}]"), /no spaces/],
    ["an organization without a domain", brokered("organizations: [{id: a, name: x}]"), /at least one domain/],
    ["a domain in upper case", brokered("organizations: [{id: a, name: x, domains: [A.example]}]"), /lower case/],
  ])("with a broker not %s", (_what, text, message) => {
    expect(said(text)).toMatch(message);
  });

  it("and still not what Keycloak refuses in a path, or makes by no API", () => {
    expect(said("kind: Realm\nrealm: a/b")).toMatch(/without the characters of a URL/);
    expect(said(bare(`upstreams: [${custom("git hub")}]`))).toMatch(/without blanks/);
    expect(said(bare("organizations: [{id: a b, name: x}]"))).toMatch(/without blanks/);
  });

  it("and no mapper of the other protocol by oversight", () => {
    const file =
      "clients: {c: {template: custom, protocol: saml, mappers: {m: {type: custom, mapper: oidc-sub-mapper}}}}";
    expect(said(bare(file))).toMatch(/is for openid-connect, its owner speaks saml/);
  });
});

describe("a domain that somebody verified", () => {
  it("is said, and written so", async () => {
    const file = "organizations: [{id: a, name: x, domains: [a.example, {name: b.example, verified: true}]}]";
    const { fields } = pick(await resourcesOf(bare(file)), "organization", "a");
    expect(fields["domains"]).toEqual([{ name: "a.example" }, { name: "b.example", verified: true }]);
  });
});

describe("a way to an identity provider that is not the organization's first", () => {
  const file = (routes: string) =>
    bare(
      `upstreams: [${custom("i")}, ${custom("j")}]\norganizations: [{id: o, name: O, domains: [a.example], login: i, upstreams: [j], routes: ${routes}}]`,
    );

  it("is said, and written so", async () => {
    const { fields } = pick(
      await resourcesOf(file("{j: {domain: a.example, redirect: false}}")),
      "organization-upstream",
      "o j",
    );
    expect(fields).toEqual({ domain: "a.example", redirect: "false" });
  });

  it.each([
    ["to one that is not its", "{k: {domain: ANY}}", /none of its other identity providers/],
    ["to the one of `login`", "{i: {domain: ANY}}", /none of its other identity providers/],
    ["by a domain of others", "{j: {domain: b.example}}", /no domain of this organization/],
  ])("leads not %s", (_what, routes, message) => {
    expect(said(file(routes))).toMatch(message);
  });
});

describe("a right that Keycloak gives everybody", () => {
  const withheld = "roles: {nobody: {clients: {account: [manage-account]}}}";

  it("is withheld where the file says so, and once where a broker withholds it, too", async () => {
    for (const text of [bare(withheld), brokered(withheld)]) {
      const rights = (await resourcesOf(text)).filter(
        ({ kind, key }) => kind === "default-right" && String(key) === "account,manage-account",
      );
      expect(rights.map(({ fields }) => fields)).toEqual([{ granted: false }]);
    }
  });

  it("is not given and withheld at once", () => {
    expect(said(bare("roles: {everybody: {realm: [r]}, nobody: {realm: [r]}}"))).toMatch(
      /"r" stands under everybody, too/,
    );
  });
});

describe("identity providers of one alias in two realms", () => {
  const other = (entry: string) => `kind: Realm\nrealm: y\nupstreams: [${entry}]`;

  it("are two where only Keycloak knows them, and the broker knows neither's twin", () => {
    const loaded = loadTexts([
      bare(`upstreams: [${custom("google")}]`),
      other(custom("google")),
      `kind: Realm\nrealm: z\nbroker: {issuer: https://login.example}\nupstreams: [${custom("google", ", enabled: false")}]`,
    ]);
    if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
    expect(stageTable(loaded.value).map(({ alias, stage }) => [alias, stage])).toEqual([["google", "suspended"]]);
    expect(recheckTable(loaded.value)).toHaveLength(1);
  });

  it("are one too many where the files say more of one", () => {
    const asked = custom("google", ", issuer: https://a.example, recheck: required");
    expect(said(bare(`upstreams: [${asked}]`), other(asked))).toMatch(/"google" is there twice/);
  });
});
