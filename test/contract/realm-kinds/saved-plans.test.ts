import { beforeAll, describe, expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, formatApplied, loadRealms, type Plan, planRealm } from "../../../src/realms/index.ts";
import { readPlans, savePlans } from "../../../src/reconcile/index.ts";
import type { Fields } from "../../realms-corpus/hand.ts";
import { reached } from "../own-keycloak.ts";
import { sameStateCases } from "./same-state-cases.ts";
import { joined } from "./two-ways.ts";

// A plan that was made and kept is carried out as long as nobody touched what it rests on, whatever else happened in the
// realm meanwhile. The plan is one that changes an object of each kind; what it is refused for is named.

const realm = "kept-plans";
const server = reached(inject("keycloak"));
const deps = { clock: systemClock, random: systemRandom };

function planned(parts: readonly Fields[]) {
  const text = JSON.stringify(parts.reduce((under, over) => joined(under, over), { kind: "Realm", realm }));
  const loaded = loadRealms([{ file: "realm.yaml", text }], () => "a secret of the test");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded, undefined, 1));
  return planRealm(spec, server.connection, deps);
}
const open: Fields = { settings: { enabled: true } };
const before = [open, ...sameStateCases.map((c) => c.before as Fields)];
const after = [open, ...sameStateCases.map((c) => c.after as Fields)];

function kept(plan: Plan): Plan {
  const read = readPlans(savePlans([plan]));
  const [saved] = read.ok ? read.value : [];
  if (saved === undefined) throw new Error("no plan");
  return saved;
}
const apply = async (parts: readonly Fields[], plan?: Plan) =>
  applyRealm(await planned(parts), { plan, lease: { holder: "tester@here", ...deps } });

/** A day in the realm: people come, log in and join groups, others make things of their own, and caches are emptied. */
async function aDay(): Promise<void> {
  const { admin } = server;
  // As the profile of the cases wants everybody to be.
  const names = { firstName: "Ann", lastName: "A", email: "ann@a.example" };
  const person = { username: "ann", enabled: true, ...names, attributes: { team: ["x"] } };
  const ann = await admin.call("POST", `/${realm}/users`, person);
  for (const { id } of await admin.list(`/${realm}/groups`)) {
    await admin.call("PUT", `/${realm}/users/${String(ann)}/groups/${String(id)}`);
  }
  const roles = (await admin.list(`/${realm}/roles`)).slice(0, 3);
  await admin.call("POST", `/${realm}/users/${String(ann)}/role-mappings/realm`, roles);
  const theirs = { clientId: "theirs", secret: "s", serviceAccountsEnabled: true, defaultClientScopes: ["basic"] };
  await admin.call("POST", `/${realm}/clients`, theirs);
  await admin.call("POST", `/${realm}/roles`, { name: "theirs" });
  await admin.call("POST", `/${realm}/groups`, { name: "theirs" });
  await admin.call("POST", `/${realm}/client-scopes`, { name: "theirs", protocol: "openid-connect" });
  await admin.call("POST", `/${realm}/authentication/flows`, {
    alias: "theirs",
    topLevel: true,
    providerId: "basic-flow",
  });
  const form = { grant_type: "client_credentials", client_id: "theirs", client_secret: "s" };
  const login = `${admin.url}/realms/${realm}/protocol/openid-connect/token`;
  expect((await fetch(login, { method: "POST", body: new URLSearchParams(form) })).status).toBe(200);
  for (const cache of ["realm", "user", "keys"]) await admin.call("POST", `/${realm}/clear-${cache}-cache`);
}

beforeAll(async () => {
  const made = await apply(before, kept((await planned(before)).plan));
  expect(made.outcome, formatApplied(made)).toBe("applied");
}, 300_000);

describe("a plan that was kept", () => {
  it("is true after a day on which nobody touched what it rests on", async () => {
    const { plan } = await planned(after);
    expect(plan.steps.length).toBeGreaterThan(30);
    const saved = kept(plan);
    await aDay();
    const applied = await apply(after, saved);
    expect(applied.outcome, formatApplied(applied)).toBe("applied");
  }, 300_000);

  it("is stale when somebody changed, made or took away what it rests on, and says what became of which", async () => {
    const { admin } = server;
    const wanted = (name: string) => [
      ...after,
      { groups: { moved: { attributes: { a: [name] } }, gone: { attributes: { a: [name] } } } },
    ];
    expect((await apply(wanted("one"))).outcome).toBe("applied");
    const saved = kept((await planned([...wanted("two"), { roles: { realm: { "made-since": {} } } }])).plan);
    const groups = await admin.list(`/${realm}/groups?briefRepresentation=false`);
    const [moved, gone] = ["moved", "gone"].map((name) => groups.find((group) => group["name"] === name));
    const attributes = { ...(moved?.["attributes"] as Fields), a: ["three"] };
    await admin.call("PUT", `/${realm}/groups/${String(moved?.["id"])}`, { ...moved, attributes });
    await admin.call("DELETE", `/${realm}/groups/${String(gone?.["id"])}`);
    await admin.call("POST", `/${realm}/roles`, { name: "made-since" });
    expect(await apply([...wanted("two"), { roles: { realm: { "made-since": {} } } }], saved)).toEqual({
      ...{ outcome: "stale", done: [], moved: ["group /gone", "group /moved", "realm-role made-since"] },
      how: {
        "group /gone": "not there any more",
        "group /moved": "changed since: attributes.a",
        "realm-role made-since": "made since",
      },
    });
  }, 120_000);

  it("names the scope, not the files, when somebody gave one to every client", async () => {
    const { admin } = server;
    const named = { clients: { "c shut": { name: "another" } } };
    const saved = kept((await planned([...after, named])).plan);
    const [scope] = (await admin.list(`/${realm}/client-scopes`)).filter(({ name }) => name === "theirs");
    await admin.call("PUT", `/${realm}/default-default-client-scopes/${String(scope?.["id"])}`);
    const applied = await apply([...after, named], saved);
    expect(applied).toMatchObject({ outcome: "stale" });
    expect("moved" in applied && applied.moved).toContain('client-scope-assignment "c shut" theirs');
    expect(formatApplied(applied)).not.toContain("files");
  }, 120_000);
});
