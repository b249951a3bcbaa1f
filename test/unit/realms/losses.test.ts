import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { groupPath } from "../../../src/realms/group-path.ts";
import { formatLosses } from "../../../src/realms/losses.ts";
import { formatKey, type Key, type Observed, type PlainMap, type Step } from "../../../src/reconcile/index.ts";
import { step } from "./drift-kit.ts";

const seen = (kind: string, key: Key, fields: PlainMap = {}): Observed => ({
  ...{ kind, key, fields, owned: true, id: `id of ${formatKey(key)}` },
});
const gone = (o: Observed): Step => ({ ...step(o.kind, formatKey(o.key), "delete"), phase: "clean", changes: [] });
const people = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `${i}` }));

interface InRealm {
  readonly members?: Readonly<Record<string, number>>;
  readonly holders?: number;
  readonly linked?: number;
  readonly clients?: readonly object[];
  readonly identityProviders?: readonly object[];
  readonly refuses?: Fault;
}

/** A realm that answers what is asked about losses, and counts the requests. */
function realm({ members = {}, holders = 0, linked = 0, clients = [], identityProviders = [], refuses }: InRealm) {
  const asked: string[] = [];
  const page = (n: number, { first, max }: { first: number; max: number }) => people(n).slice(first, first + max);
  type Page = { first: number; max: number };
  const client = {
    groups: { listMembers: async (q: Page & { id: string }) => page(members[q.id] ?? 0, q) },
    organizations: {
      listMembers: async (q: Page & { orgId: string }) => page(members[q.orgId] ?? 0, q),
      groups: (orgId: string) => ({
        listMembers: async (q: Page & { id: string }) => page(members[`${q.id} in ${orgId}`] ?? 0, q),
      }),
    },
    roles: { findUsersWithRole: async (q: Page) => page(holders, q) },
    clients: {
      findUsersWithRole: async (q: Page) => page(holders, q),
      find: async () => clients,
    },
    users: { find: async (q: Page) => page(linked, q) },
    identityProviders: { find: async () => identityProviders },
  } as unknown as KeycloakAdminClient;
  const keycloak: Keycloak = {
    call: async (operation, _manner, request) => {
      asked.push(operation);
      if (refuses !== undefined) throw refuses;
      return (await request(client)) ?? undefined;
    },
    ...{ forgetToken: () => {}, nonce: () => "n", sent: () => asked.length },
  };
  return { at: realmAccess(keycloak, "r"), asked };
}

const lossesOf = (inRealm: InRealm, observed: readonly Observed[], steps: readonly Step[]) =>
  formatLosses(realm(inRealm).at, { plan: { steps }, observed });

describe("a group that goes", () => {
  const above = seen("group", groupPath("a"), { realmRoles: ["everyone"], clientRoles: [] });
  const group = seen("group", groupPath("a", "b"), { realmRoles: ["reader"], clientRoles: ["billing viewer"] });
  const other = seen("group", groupPath("a", "bb"), { realmRoles: ["other"] });
  const inIt = { members: { "id of /a/b": 12 } };

  it("says how many people lose which roles, those of the groups above it too", async () => {
    expect(await lossesOf(inIt, [above, group, other], [gone(group)])).toEqual([
      "group /a/b goes, and 12 people in it lose what it gives: everyone, reader, viewer of client billing. To keep them in it, let the file keep it",
    ]);
  });

  it("and comes under another group says that nobody is in that one, and how to move them", async () => {
    const [said] = await lossesOf(inIt, [above, group], [step("group", "/c/b", "create"), gone(group)]);
    expect(said).toMatch(
      /12 people in it lose .*Nobody of them is in \/c\/b, which is made.*move the group in Keycloak's console/,
    );
  });

  it("is not taken for one of another name", async () => {
    const [said] = await lossesOf(inIt, [group], [step("group", "/c/bb", "create"), gone(group)]);
    expect(said).not.toContain("/c/bb");
  });

  it("and gives no role says so; with one person in it, it is one", async () => {
    const bare = seen("group", groupPath("x"));
    expect(await lossesOf({ members: { "id of /x": 1 } }, [bare], [gone(bare)])).toEqual([
      "group /x goes, and 1 person in it loses its membership, which gives no role. To keep them in it, let the file keep it",
    ]);
  });

  it("and has nobody in it says nothing", async () => {
    expect(await lossesOf({}, [group], [gone(group)])).toEqual([]);
  });

  it("and is an organization's says the same of those in it", async () => {
    const own = seen("organization-group", ["acme", groupPath("a")], { realmRoles: ["reader"] });
    const withId = { ...own, remote: { id: own.id, raw: { orgId: "o" } } };
    const over = seen("organization-group", ["acme", groupPath()], { realmRoles: ["everyone"] });
    const others = seen("organization-group", ["other", groupPath()], { realmRoles: ["other"] });
    expect(await lossesOf({ members: { [`${own.id} in o`]: 2 } }, [withId, over, others, above], [gone(own)])).toEqual([
      "group acme /a goes, and 2 people in it lose what it gives: everyone, reader. To keep them in it, let the file keep it",
    ]);
    expect(await lossesOf({}, [withId], [gone(own)])).toEqual([]);
  });

  it("is counted page by page, up to ten thousand", async () => {
    const [exact] = await lossesOf({ members: { "id of /a/b": 2500 } }, [group], [gone(group)]);
    expect(exact).toContain("2500 people in it");
    const [many] = await lossesOf({ members: { "id of /a/b": 50_000 } }, [group], [gone(group)]);
    expect(many).toContain("10000 people or more in it");
  });
});

describe("a client scope that goes", () => {
  const scope = seen("client-scope", "billing");
  const clients = [
    { clientId: "theirs", defaultClientScopes: ["billing", "email"] },
    { clientId: "also", optionalClientScopes: ["billing"] },
    { clientId: "told", defaultClientScopes: ["billing"] },
    { clientId: "gone", defaultClientScopes: ["billing"] },
    { clientId: "without", defaultClientScopes: ["email"] },
  ];
  const assignment = step("client-scope-assignment", "told billing", "delete");

  it("names the clients that lose it, but for those of which the plan says so", async () => {
    const steps = [gone(scope), assignment, step("client", "gone", "delete")];
    expect(await lossesOf({ clients }, [scope], steps)).toEqual([
      "client scope billing goes, and these clients, which no step of this plan names, lose it: also, theirs. To keep it for them, let the file keep the scope",
    ]);
  });

  it("names a few of many", async () => {
    const many = Array.from({ length: 8 }, (_, i) => ({ clientId: `c${i}`, defaultClientScopes: ["billing"] }));
    expect((await lossesOf({ clients: many }, [scope], [gone(scope)]))[0]).toContain("c0, c1, c2, c3, c4 and 3 more");
  });

  it("and is used by nobody says nothing", async () => {
    expect(await lossesOf({ clients: clients.slice(4) }, [scope], [gone(scope)])).toEqual([]);
  });
});

describe("whatever else goes", () => {
  it("a flow: what uses it, as client and as identity provider, and is not moved by the plan", async () => {
    const flow = seen("authentication-flow", "strict");
    const inRealm: InRealm = {
      clients: [
        { clientId: "desk", authenticationFlowBindingOverrides: { browser: "id of strict" } },
        { clientId: "other", authenticationFlowBindingOverrides: { browser: "another" } },
      ],
      identityProviders: [
        { alias: "home", firstBrokerLoginFlowAlias: "strict" },
        { alias: "moved", postBrokerLoginFlowAlias: "strict" },
      ],
    };
    const moved: Step = {
      ...step("identity-provider", "moved"),
      changes: [{ path: ["postBrokerLoginFlowAlias"], from: "strict", to: "" }],
    };
    expect(await lossesOf(inRealm, [flow], [moved, gone(flow)])).toEqual([
      expect.stringMatching(/^flow strict goes.*as the realm does.*: client desk, identity-provider home\. To keep/),
    ]);
  });

  it.each<[string, Observed, InRealm, RegExp]>([
    [
      "a role of the realm",
      seen("realm-role", "reader"),
      { holders: 3 },
      /^role reader goes, and 3 accounts .* lose it/,
    ],
    [
      "a role of a client",
      seen("client-role", ["desk", "reader"]),
      { holders: 1, clients: [{ id: "1", clientId: "desk" }] },
      /^role desk reader goes, and 1 account .* loses it/,
    ],
    [
      "an identity provider",
      seen("identity-provider", "home"),
      { linked: 2 },
      /^identity provider home goes, and 2 people .* come back as new people/,
    ],
    [
      "an organization",
      seen("organization", "acme"),
      { members: { "id of acme": 2 } },
      /^organization acme goes, and 2 people .* member no more/,
    ],
  ])("%s", async (_what, one, inRealm, words) => {
    expect(await lossesOf(inRealm, [one], [gone(one)])).toEqual([expect.stringMatching(words)]);
    expect(await lossesOf({ clients: inRealm.clients ?? [] }, [one], [gone(one)])).toEqual([]);
  });
});

describe("what is asked of Keycloak for it", () => {
  it("is nothing where nothing goes, and nothing of what is not there yet", async () => {
    const group = seen("group", groupPath("a"));
    const coming: Observed = { ...seen("client-scope", "s"), comesWith: { kind: "realm", key: "r" } };
    const { at, asked } = realm({});
    await formatLosses(at, { plan: { steps: [step("group", "/a"), gone(coming)] }, observed: [group, coming] });
    expect(asked).toEqual([]);
  });

  it("is bounded, and what was not asked is said", async () => {
    const groups = Array.from({ length: 60 }, (_, i) => seen("group", groupPath(`g${i}`)));
    const { at, asked } = realm({});
    const said = await formatLosses(at, { plan: { steps: groups.map(gone) }, observed: groups });
    expect(asked).toHaveLength(50);
    expect(said).toEqual([expect.stringMatching(/10 more deletions was not looked into/)]);
  });

  it("may be refused to an account that sees no people: that is said; a Keycloak that is away is a fault", async () => {
    const group = seen("group", groupPath("a"));
    const no = new Fault("keycloak", "read members", { message: "HTTP 403", refused: true, retryable: false });
    expect(await lossesOf({ refuses: no }, [group], [gone(group)])).toEqual([
      expect.stringMatching(/^who loses something by the end of group \/a could not be read: .*HTTP 403/),
    ]);
    const away = new Fault("keycloak", "read members");
    await expect(lossesOf({ refuses: away }, [group], [gone(group)])).rejects.toBe(away);
  });
});
