import { describe, expect, it } from "vitest";
import { corpus } from "../../realms-corpus/corpus.ts";
import { attempts } from "../../realms-corpus/fields/attempts.ts";
import { readClass } from "../../realms-corpus/fields/class-file.ts";
import { coverage, foundIn, knownFields, shareSaid } from "../../realms-corpus/fields/count.ts";
import { type Measures, measure } from "../../realms-corpus/fields/measure.ts";
import { anId, namedFields, numbering } from "../../realms-corpus/fields/named.ts";
import { chanceOf } from "../../realms-corpus/generator/chance.ts";
import { generated } from "../../realms-corpus/generator/index.ts";
import { known } from "../../realms-corpus/known.ts";
import { knownOnOldest, onOldest } from "../../realms-corpus/oldest.ts";
import { comparable } from "../../realms-corpus/oracle/comparable.ts";
import { differences } from "../../realms-corpus/oracle/differences.ts";
import { secretsOf } from "../../realms-corpus/secrets.ts";

const nothingApart = {
  ...{ profile: {}, policies: {}, profiles: {}, texts: {}, requiredActions: [], organizations: [] },
  ...{ clients: [], clientScopes: [], defaultGroups: [] },
};
const realm = (exported: object, apart: object = {}) =>
  comparable({ export: exported as Record<string, unknown>, apart: { ...nothingApart, ...apart } });

describe("the judge of two realms", () => {
  it("finds ids, dates and the order of sets no difference", () => {
    const one = { id: "1", clients: [{ id: "2", clientId: "a", redirectUris: ["x", "y"] }] };
    const two = { id: "3", clients: [{ id: "4", clientId: "a", redirectUris: ["y", "x"] }] };
    expect(differences(realm(one), realm(two))).toEqual([]);
  });

  it("finds a member that is gone, one that is new and one that changed, each with its place", () => {
    const one = { displayName: "A", clients: [{ clientId: "a", name: "x" }, { clientId: "b" }] };
    const two = { displayName: "A", clients: [{ clientId: "a", name: "y" }, { clientId: "c" }] };
    expect(differences(realm(one), realm(two))).toEqual([
      'clients › a › name: "x" → "y"',
      'clients › b: {"clientId":"b"} → nothing',
      'clients › c: nothing → {"clientId":"c"}',
    ]);
  });

  it("takes an empty text and an empty list for a value, but where it is listed", () => {
    expect(differences(realm({ passwordPolicy: "" }), realm({}))).toEqual(['passwordPolicy: "" → nothing']);
    expect(differences(realm({ eventsListeners: [] }), realm({ eventsListeners: ["x"] }))).toHaveLength(1);
    expect(differences(realm({ displayName: "" }), realm({}))).toEqual([]);
  });

  it("takes an empty text for none where Keycloak does, and nowhere else", () => {
    const within = (attributes: object, headers: object) => ({
      clients: [{ clientId: "a", attributes }],
      browserSecurityHeaders: headers,
    });
    expect(differences(realm(within({ x: "" }, { mine: "" })), realm(within({}, {})))).toEqual([]);
    expect(
      differences(
        realm(within({ x: "" }, { xFrameOptions: "" })),
        realm(within({ x: "1" }, { xFrameOptions: "DENY" })),
      ),
    ).toHaveLength(2);
    expect(differences(realm({ attributes: { x: "" } }), realm({ attributes: {} }))).toEqual([
      'attributes › x: "" → nothing',
    ]);
  });

  it("asks service accounts nothing, and takes no checks of an attribute for none", () => {
    const apart = (requiredActions: string[], email: string, attribute: object) => ({
      clients: [{ clientId: "a", account: { requiredActions, email } }],
      profile: { attributes: [{ name: "floor", ...attribute }] },
    });
    const one = realm({}, apart(["VERIFY_EMAIL"], "a", { validations: {} }));
    expect(differences(one, realm({}, apart([], "a", {})))).toEqual([]);
    expect(differences(one, realm({}, apart([], "b", { validations: { email: {} } })))).toHaveLength(2);
  });

  it("compares the order of steps, whatever their numbers", () => {
    const flow = (...steps: [string, number][]) => ({
      authenticationFlows: [
        {
          alias: "f",
          authenticationExecutions: steps.map(([authenticator, priority]) => ({ authenticator, priority })),
        },
      ],
    });
    expect(differences(realm(flow(["a", 10], ["b", 20])), realm(flow(["b", 1], ["a", 0])))).toEqual([]);
    expect(differences(realm(flow(["a", 10], ["b", 20])), realm(flow(["a", 20], ["b", 10])))).not.toEqual([]);
  });

  it("says which clients share a secret, and shows none", () => {
    const clients = (...secrets: string[]) => ({
      clients: secrets.map((secret, nth) => ({ clientId: `c${nth}`, secret })),
    });
    const found = differences(realm({}, clients("one", "two")), realm({}, clients("one", "one")));
    expect(found).toHaveLength(2);
    expect(found.join()).not.toContain("two");
  });

  it("compares the flows of clients by their aliases", () => {
    const bound = (id: string, alias: string) => ({
      authenticationFlows: [{ id, alias }],
      clients: [{ clientId: "c", authenticationFlowBindingOverrides: { browser: id } }],
    });
    expect(differences(realm(bound("1", "mine")), realm(bound("2", "mine")))).toEqual([]);
    expect(differences(realm(bound("1", "mine")), realm(bound("1", "other")))).not.toEqual([]);
  });

  it("compares the policies of a permission as a set", () => {
    const permission = (applyPolicies: string) => {
      const authorization = { policies: [{ name: "p", config: { applyPolicies } }] };
      return { clients: [{ clientId: "api", authorization }] };
    };
    expect(differences(realm({}, permission('["a","b"]')), realm({}, permission('["b","a"]')))).toEqual([]);
    expect(differences(realm({}, permission('["a"]')), realm({}, permission('["b"]')))).not.toEqual([]);
  });

  it("sees what is called like a member that every map inherits", () => {
    const roles = (...names: string[]) => ({ roles: { realm: names.map((name) => ({ name })) } });
    expect(differences(realm(roles("constructor", "b")), realm(roles("b")))).toEqual([
      'roles › realm › constructor: {"name":"constructor"} → nothing',
    ]);
  });

  it("leaves attributes alone that are called like what it leaves out", () => {
    const group = (attributes: object) => ({ groups: [{ name: "g", attributes }] });
    expect(differences(realm(group({ id: ["1"] })), realm(group({ id: ["2"] })))).toHaveLength(1);
    expect(differences(realm(group({ "cloudpass.owner": ["x"] })), realm(group({})))).toEqual([]);
  });
});

describe("the generator", () => {
  it("makes the same realm of the same seed, and another of another", () => {
    expect(generated(7).with).toEqual(generated(7).with);
    expect(generated(7).with).not.toEqual(generated(8).with);
  });

  it("chooses evenly enough", () => {
    const chance = chanceOf(1);
    const drawn = Map.groupBy(
      Array.from({ length: 4000 }, () => chance.below(4)),
      (it) => it,
    );
    expect(drawn.size).toBe(4);
    for (const { length } of drawn.values()) expect(length).toBeGreaterThan(900);
  });
});

describe("the count of fields", () => {
  it("names only fields that are there", () => {
    const there = knownFields();
    for (const [kind, fields] of Object.entries(namedFields)) {
      expect(
        Object.keys(fields).filter((field) => !there[kind]?.includes(field)),
        kind,
      ).toEqual([]);
    }
  });

  it("has an attempt to write each field that is named as Keycloak's own, but for ids and numbers of an order", () => {
    const tried = Object.entries(attempts).flatMap(([whose, { values }]) =>
      Object.keys(values).map((it) => [whose, it]),
    );
    const own = Object.entries(namedFields).flatMap(([kind, fields]) =>
      Object.entries(fields)
        .filter(([, { as, because }]) => ["own", "older", "off"].includes(as) && ![anId, numbering].includes(because))
        .map(([field]) => (field.includes(".") ? field.split(".") : [kind, field])),
    );
    expect(tried.map((it) => it.join(" ")).sort()).toEqual(own.map((it) => it.join(" ")).sort());
  });

  it("calls a field said that came through with two values, and not one that was lost once", () => {
    const measures: Measures = new Map();
    const role = (description: string) => realm({ roles: { realm: [{ name: "r", description }] } });
    measure(measures, role("a"), role("a"));
    measure(measures, role("b"), role("b"));
    const said = () => coverage({ role: ["description"] }, foundIn(measures)).map((it) => it.said);
    expect(said()).toEqual([["description"]]);
    measure(measures, role("a"), role("b"));
    expect(said()).toEqual([[]]);
  });

  it("keeps apart what would have one name if names were joined", () => {
    const measures: Measures = new Map();
    const inClient = { roles: { realm: [{ name: "r", description: "R" }], client: { realm: [{ name: "r" }] } } };
    const both = {
      ...inClient,
      groups: [{ name: "a/b" }, { name: "a", subGroups: [{ name: "b", description: "B" }] }],
    };
    measure(measures, realm(both), realm(both));
    const lost = [...measures].flatMap(([kind, of]) =>
      [...of].flatMap(([it, { lost }]) => (lost > 0 ? [kind, it] : [])),
    );
    expect(lost).toEqual([]);
  });

  it("tells what is lost where a note names the object from what is lost without a word", () => {
    const measures: Measures = new Map();
    const group = (name: string, ...realmRoles: string[]) => realm({ groups: [{ name, realmRoles }] });
    const note = "# Not in this file: groups.staff.roles: it names the role constructor, which is not in this file.";
    for (const role of ["a", "b"]) measure(measures, group("staff", role), group("staff", role));
    measure(measures, group("staff", "constructor"), group("staff"), [note]);
    const counted = () => coverage({ group: ["realmRoles"] }, foundIn(measures));
    expect(counted()).toEqual([expect.objectContaining({ said: ["realmRoles"], noted: { realmRoles: 1 } })]);
    measure(measures, group("other", "constructor"), group("other"), [note]);
    expect(counted()).toEqual([expect.objectContaining({ said: [], open: ["realmRoles"] })]);
  });

  it("takes for noted what a note says of the flow around, of a client, and of the mail server", () => {
    const outer = { alias: "outer", authenticationExecutions: [{ flowAlias: "inner", priority: 1 }] };
    const flows = (authenticator: string) => [
      ...[outer, { alias: "other", authenticationExecutions: [{ authenticator, priority: 1 }] }],
      { alias: "inner", authenticationExecutions: [{ authenticator, priority: 1 }] },
    ];
    const whole = (it: string) =>
      realm({
        ...{ authenticationFlows: flows(it), smtpServer: { user: it } },
        clients: [{ clientId: "realm-management", name: it }],
      });
    const measures: Measures = new Map();
    const notes = [
      'Not in this file: flow "outer": this Keycloak has no "x" any more, and makes no such step.',
      "Not in this file: what was changed of client realm-management, which Keycloak lets nobody change.",
      "Not in this file: who logs in at the mail server, which asks for no login.",
    ];
    measure(measures, whole("x"), whole("y"), notes);
    const counted = (kind: string, field: string) => measures.get(kind)?.get(field);
    expect(counted("step of a flow", "authenticator")).toMatchObject({ noted: 1, lost: 1 });
    expect(counted("client", "name")).toMatchObject({ noted: 1, lost: 0 });
    expect(counted("realm", "smtpServer")).toMatchObject({ noted: 1, lost: 0 });
    expect(counted("realm", "authenticationFlows")).toMatchObject({ noted: 0, lost: 1 });
  });

  it("takes the share of the fields that are somebody's to say", () => {
    const found = { client: { name: { kept: 2, lost: 0 }, description: { kept: 1, lost: 0 } } };
    const [client] = coverage({ client: ["id", "name", "description", "protocolMappers", "registeredNodes"] }, found);
    expect(client).toMatchObject({ nobodys: ["id", "registeredNodes"], elsewhere: ["protocolMappers"] });
    expect(client === undefined ? 0 : shareSaid(client)).toBeCloseTo(2 / 3);
  });

  it("refuses what is no class", () => {
    expect(() => readClass(new TextEncoder().encode("no class at all"))).toThrow("not a class file");
  });
});

describe("the secrets that an operator who imports has", () => {
  const text = `settings: {raw: {smtpServer: {password: {env: A}, authTokenClientSecret: {env: B}}}}
clients: {app: {secret: {env: C}}, sp: {raw: {attributes: {"saml.signing.private.key": {env: D}}}}, gone: {secret: {env: E}}}`;

  it("are those that Keycloak shows, of clients and of what it does not know as a secret of the mail server", () => {
    const smtpServer = { password: "**********", authTokenClientSecret: "t0ken" };
    const clients = [
      { clientId: "app", secret: "s3cret" },
      { clientId: "sp", secret: "other", attributes: { "saml.signing.private.key": "k3y" } },
    ];
    expect(Object.fromEntries(secretsOf(text, { export: { smtpServer }, apart: { clients } }))).toEqual({
      ...{ B: "t0ken", C: "s3cret", D: "k3y" },
    });
  });
});

describe("the corpus on the oldest Keycloak", () => {
  it("names realms of the corpus, each once for what cannot be made there", () => {
    const names = new Set(corpus.map(({ name }) => name));
    expect(Object.keys(knownOnOldest).filter((name) => !names.has(name))).toEqual([]);
    expect(Object.keys(known).filter((name) => knownOnOldest[name] !== known[name])).toEqual([]);
  });

  it("has generated realms without what that release does not know, and all others as they are", () => {
    const inner = { name: "b", description: "y" };
    const recipe = {
      name: "seed 0",
      with: { adminPermissionsEnabled: true, groups: [{ name: "a", description: "x", subGroups: [inner] }] },
    };
    expect(onOldest(recipe).with).toEqual({ groups: [{ name: "a", subGroups: [{ name: "b" }] }] });
    expect(onOldest({ ...recipe, name: "verifiable credentials" }).with).toEqual(recipe.with);
  });
});
