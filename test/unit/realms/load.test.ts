import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type IdentityProviderSpec,
  loadRealms,
  loadRealmsToCompare,
  type RealmFile,
  type RealmSpec,
  recheckTable,
  rereadRealmTables,
} from "../../../src/realms/index.ts";
import { formatProblem, type Lookup, type Problem } from "../../../src/yaml/index.ts";

const example = readFileSync(new URL("../../../realms/scs.yaml", import.meta.url), "utf8");
const environment: Readonly<Record<string, string>> = {
  CLOUDPASS_ISSUER: "https://login.example",
  CUSTOMER_A_IDP_ISSUER: "https://idp.a.example/realms/a",
  CUSTOMER_A_IDP_SECRET: "hunter-a",
  CUSTOMER_B_IDP_ISSUER: "https://idp.b.example/realms/b",
  CUSTOMER_B_IDP_SECRET: "hunter-b",
};
type Env = Readonly<Record<string, string | undefined>>;
const lookup =
  (more: Env = {}) =>
  (r: { env: string } | { file: string }) =>
    "env" in r ? { ...environment, ...more }[r.env] : r.file === "there" ? "from a file\n" : undefined;
const load = (text: string, more: Env = {}) => loadRealms([{ file: "realms/scs.yaml", text }], lookup(more));
const replaced = (from: string, to: string) => {
  expect(example).toContain(from);
  return example.replace(from, to);
};
const secretOf = (u: IdentityProviderSpec | undefined) => (u && "client" in u ? u.client.secret?.reveal() : undefined);
const problemsOf = (text: string, more: Env = {}): readonly Problem[] => {
  const loaded = load(text, more);
  if (loaded.ok) throw new Error("no problem found");
  return loaded.refusal;
};

describe("a realm file", () => {
  it("the example loads, with references resolved and secrets held as secrets", () => {
    const loaded = load(example);
    if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
    const [realm] = loaded.value;
    expect(realm).toMatchObject({
      realm: "scs",
      settings: { displayName: "Sovereign Cloud Stack", accessTokenLifespan: 300, ssoSessionMax: 36000 },
      broker: { clientId: "cloudpass", issuer: "https://login.example" },
    });
    expect(secretOf(realm?.upstreams[0])).toBe("hunter-a");
    expect(JSON.stringify(loaded)).not.toContain("hunter");
    expect(Object.isFrozen(realm?.upstreams)).toBe(true);
  });

  it("a secret from a file loses the newline at its end, and nothing else", () => {
    const loaded = load(replaced("secret: {env: CUSTOMER_A_IDP_SECRET}", "secret: {file: there}"));
    expect(loaded.ok && secretOf(loaded.value[0]?.upstreams[0])).toBe("from a file");
  });

  it("a secret that is written out is refused, and is not repeated in the refusal", () => {
    const [problem, ...others] = problemsOf(replaced("secret: {env: CUSTOMER_A_IDP_SECRET}", "secret: in-the-clear"));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: "upstreams[0].client.secret", line: 20 });
    expect(JSON.stringify(problem)).not.toContain("in-the-clear");
  });

  it.each([
    ["a missing variable", "", { CLOUDPASS_ISSUER: undefined }, /CLOUDPASS_ISSUER is not set/],
    ["a missing secret", "", { CUSTOMER_B_IDP_SECRET: undefined }, /CUSTOMER_B_IDP_SECRET is not set/],
    ["an empty secret", "", { CUSTOMER_B_IDP_SECRET: "" }, /CUSTOMER_B_IDP_SECRET is not set/],
    ["a secret of blanks", "", { CUSTOMER_B_IDP_SECRET: " \n" }, /CUSTOMER_B_IDP_SECRET is not set or empty/],
    ["an empty variable", "", { CLOUDPASS_ISSUER: "" }, /CLOUDPASS_ISSUER is not set or empty/],
    ["plain http", "", { CUSTOMER_A_IDP_ISSUER: "http://idp.a.example" }, /an https URL/],
    ["a query in an issuer", "", { CUSTOMER_A_IDP_ISSUER: "https://idp.a.example/?x" }, /without query or fragment/],
    ["a misspelt key", "recheck: required|rechek: required", {}, /unknown key "rechek"/],
    [
      "an unknown upstream",
      "upstreams: [customer-a-idp]|upstreams: [customer-a-ipd]",
      {},
      /no identity provider "customer-a-ipd"/,
    ],
    [
      "a domain of two customers",
      "domains: [b.example]|domains: [b.example, a.example]",
      {},
      /domain "a.example" is there twice/,
    ],
    [
      "an identity provider of two customers",
      "upstreams: [customer-b-idp]|upstreams: [customer-b-idp, customer-a-idp]",
      {},
      /is there twice/,
    ],
    [
      "two identity providers of one id",
      "- id: customer-b-idp|- id: customer-a-idp",
      {},
      /identity provider "customer-a-idp" is there twice/,
    ],
    ["a client of Keycloak's own", "clientId: cloudpass|clientId: broker", {}, /is a client of Keycloak's own/],
    ["the realm of Keycloak itself", "realm: scs|realm: master", {}, /administers Keycloak itself/],
    ["a claim that carries identity", "claims: [groups]|claims: [sub]", {}, /cannot be imported/],
    ["the claim that decides the tenant", "claims: [groups]|claims: [identity_provider]", {}, /cannot be imported/],
    ["a claim that is a path", "claims: [groups]|claims: [realm_access.roles]", {}, /a claim name of letters/],
  ])("%s is a problem that says so", (_name, change, more, message) => {
    const [from, to] = change.split("|");
    const text = from && to ? replaced(from, to) : example;
    const said = problemsOf(text, more).map(formatProblem).join("\n");
    expect(said).toMatch(message);
    expect(said).not.toContain("hunter");
  });

  it("a name close to a known one is suggested", () => {
    const [problem] = problemsOf(replaced("upstreams: [customer-a-idp]", "upstreams: [customer-a-ipd]"));
    expect(problem?.fix).toBe('did you mean "customer-a-idp"?');
  });

  it("all problems of all files come at once", () => {
    const files = [
      { file: "b.yaml", text: replaced("realm: scs", "realm: master") },
      { file: "a.yaml", text: "{" },
    ];
    const loaded = loadRealms(files, lookup({ CUSTOMER_B_IDP_SECRET: undefined }));
    expect(loaded.ok ? [] : loaded.refusal.map((p) => p.file)).toEqual(["a.yaml", "b.yaml", "b.yaml"]);
  });

  it("the same realm in two files is a problem, the order of files is not", () => {
    const twice = ["x.yaml", "y.yaml"].map((file) => ({ file, text: example }));
    const loaded = loadRealms(twice, lookup());
    expect(loaded.ok ? "" : loaded.refusal[0]?.message).toContain("first in x.yaml");
    expect(loadRealms([...twice].reverse(), lookup())).toEqual(loaded);
  });

  it("yes and no may come from the environment", () => {
    const text = replaced("recheck: required", "recheck: required\n    trustEmail: {env: TRUST}");
    const loaded = load(text, { TRUST: "true" });
    expect(loaded.ok && loaded.value[0]?.upstreams[0]?.trustEmail).toBe(true);
    expect(problemsOf(text, { TRUST: "perhaps" })).toHaveLength(1);
  });
});

describe("substitution", () => {
  it("no value changes the structure of a document", () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('"}\nrealm: master', "{env: X}", "&a *a", "]\n- id: evil")),
        (value) => {
          const text = replaced("displayName: Sovereign Cloud Stack", "displayName: {env: NAME}");
          const loaded = load(text, { NAME: value });
          if (!loaded.ok) {
            expect(loaded.refusal.map((p) => p.path)).toEqual(["settings.displayName"]);
            return;
          }
          const plain = load(example);
          if (!plain.ok) throw new Error("the example does not load");
          const [[got], [want]] = [loaded.value, plain.value];
          const settings = { ...want?.settings, displayName: value.trimEnd() };
          expect({ ...got, upstreams: [] }).toEqual({ ...want, upstreams: [], settings });
        },
      ),
    ));
});

/** The tables that the broker reads from the files. */
function tablesOf(file: RealmFile, find: Lookup = () => undefined) {
  const read = rereadRealmTables(() => ({ ok: true, value: [file] }), find)();
  if (!read.ok) throw new Error(read.refusal.map(formatProblem).join("\n"));
  return read.value;
}

describe("what the broker asks again", () => {
  it("is read without looking at a single secret", () => {
    const asked: string[] = [];
    const { rechecks } = tablesOf({ file: "realms/scs.yaml", text: example }, (r) => {
      asked.push("env" in r ? r.env : r.file);
      return lookup()(r);
    });
    expect(asked.sort()).toEqual(["CLOUDPASS_ISSUER", "CUSTOMER_A_IDP_ISSUER", "CUSTOMER_B_IDP_ISSUER"]);
    const loaded = load(example);
    expect(rechecks).toEqual(loaded.ok && recheckTable(loaded.value));
    expect(rechecks[0]).toEqual({
      alias: "customer-a-idp",
      issuer: "https://idp.a.example/realms/a",
      recheck: "required",
      claims: ["department", "groups"],
      shapes: [
        { name: "department", type: "list" },
        { name: "groups", type: "list" },
      ],
    });
  });
});

describe("realm files that are only compared", () => {
  it("are loaded without looking at a single secret, and hold none", () => {
    const asked: string[] = [];
    const files = [{ file: "realms/scs.yaml", text: example }];
    const found = loadRealmsToCompare(files, (r) => {
      asked.push("env" in r ? r.env : r.file);
      return lookup()(r);
    });
    expect(asked.filter((name) => name.includes("SECRET"))).toEqual([]);
    const loaded = load(example);
    if (!found.ok || !loaded.ok) throw new Error("the example does not load");
    expect(found.value[0]?.secrets).toEqual({});
    expect(found.value[0]?.upstreams.map(secretOf)).toEqual([undefined, undefined]);
    const without = ({ upstreams, ...rest }: RealmSpec) => ({ ...rest, secrets: {}, ids: upstreams.map((u) => u.id) });
    expect(found.value.map(without)).toEqual(loaded.value.map(without));
  });
});

describe("who may log in", () => {
  const upstreams = (more: string) =>
    `kind: Realm\nrealm: x\nupstreams: [{id: up, template: keycloak, issuer: "https://idp.example/r", client: {id: x, secret: {env: S}}, ${more}}]`;
  const stageOf = (more: string) => tablesOf({ file: "x.yaml", text: upstreams(more) }).stages?.[0];

  it("is the stage of the file, with testers in lower case, read without a secret", () => {
    expect(stageOf("stage: testing, testers: [Ines@A.example]")).toEqual({
      alias: "up",
      stage: "testing",
      testers: ["ines@a.example"],
      name: "up",
      domains: [],
    });
    expect(stageOf("recheck: none")).toMatchObject({ stage: "active", testers: [] });
  });

  it("is nobody when the identity provider is switched off, whatever its stage", () => {
    expect(stageOf("enabled: false")).toMatchObject({ stage: "suspended" });
    expect(stageOf("enabled: false, stage: testing, testers: [a]")).toMatchObject({ stage: "suspended" });
  });
});

describe("what userinfo does not give", () => {
  it("is not asked again of Entra, AD FS and Google: the claims of the login stand", () => {
    const text = `kind: Realm
realm: x
upstreams:
  - {id: e, template: entra, tenant: 11111111-2222-3333-4444-555555555555, client: {id: x, secret: {env: S}}, claims: [groups]}
  - {id: k, template: keycloak, issuer: "https://idp.example/r", client: {id: x, secret: {env: S}}, claims: [groups]}`;
    expect(tablesOf({ file: "x.yaml", text }).rechecks).toEqual([
      {
        alias: "e",
        issuer: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
        recheck: "best-effort",
        claims: [],
        shapes: [{ name: "groups", type: "list" }],
      },
      expect.objectContaining({ alias: "k", issuer: "https://idp.example/r", recheck: "required", claims: ["groups"] }),
    ]);
  });
});
