import { beforeAll, describe, expect, inject, it } from "vitest";
import { Fault, type Instant, instant, systemClock, systemRandom } from "../../../src/core/index.ts";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { realmDriver } from "../../../src/realms/driver.ts";
import { groupPath } from "../../../src/realms/group-path.ts";
import { leaseOn } from "../../../src/realms/lease.ts";
import { openRealmState, ownershipIn } from "../../../src/realms/state.ts";
import { whoChanged } from "../../../src/realms/who-changed.ts";
import { formatKey, formatPlan, identityOf, type PlanOptions, type Resource } from "../../../src/reconcile/index.ts";
import { keycloakAdmin } from "../../support/keycloak-admin.ts";
import { reached } from "../own-keycloak.ts";
import { connectTo, siteOf } from "./site.ts";

const realm = "owned";
const itself: Resource = {
  ...{ kind: "realm", key: realm },
  fields: { enabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true },
};
const server = reached(inject("keycloak"));
let keycloak: Keycloak;

beforeAll(async () => {
  keycloak = connectTo(server.rig);
  await siteOf(keycloak, realm).bring([itself]);
});

const planning = (kind: string, mode: "adopt" | "exclusive"): PlanOptions => ({
  manage: { [kind]: { mode } },
  now: systemClock.now(),
});

describe("what is ours", () => {
  const scope: Resource = { kind: "default-client-scope", key: "phone", fields: { assigned: "default" } };
  const component: Resource = {
    ...{ kind: "component", key: ["KeyProvider", { path: ["extra"] }] },
    fields: { providerId: "aes-generated", config: { priority: ["7"] } },
  };

  it("stands in the ledger where there is no room for a marker, in attributes beside those of others", async () => {
    await server.admin.call("PUT", `/${realm}`, { attributes: { theirs: "stays" } });
    const site = siteOf(keycloak, realm);
    await site.bring([itself, scope, component]);
    const attributes = (await server.admin.get(`/${realm}`))["attributes"] as Record<string, string>;
    expect(attributes["theirs"]).toBe("stays");
    expect(attributes["cloudpass.ledger.0"]).toContain("KeyProvider extra");
    expect((await site.bring([itself])).steps.map(identityOf).sort()).toContain("component KeyProvider extra");
  });

  it("is not what somebody else made under the same name after ours was deleted", async () => {
    const site = siteOf(keycloak, realm);
    await site.bring([itself, component]);
    const own = async () => (await server.admin.list(`/${realm}/components?name=extra`))[0];
    const { id: _id, ...again } = (await own()) ?? {};
    await server.admin.call("DELETE", `/${realm}/components/${String((await own())?.["id"])}`);
    await server.admin.call("POST", `/${realm}/components`, again);
    const theirs = await own();
    expect(theirs).toMatchObject(again);
    expect((await site.bring([itself])).steps).toEqual([]);
    expect(await own()).toEqual(theirs);
    await server.admin.call("DELETE", `/${realm}/components/${String((await own())?.["id"])}`);
  });

  it("is known again after a run that died between making it and noting it", async () => {
    const dying: Keycloak = {
      ...keycloak,
      call: async (doing, manner, request) => {
        const answer = await keycloak.call(doing, manner, request);
        if (doing.startsWith("create component")) throw new Fault("keycloak", "dying");
        return answer;
      },
    };
    expect((await siteOf(dying, realm).apply([itself, component])).outcome).toBe("stopped");
    const site = siteOf(keycloak, realm);
    expect((await site.bring([itself, component])).conflicts).toEqual([]);
    expect((await server.admin.list(`/${realm}/components?name=extra`)).length).toBe(1);
    expect((await site.bring([itself])).steps).toMatchObject([{ kind: "component", action: "delete" }]);
  });

  it("is, in a kind whose files are the only truth, everything but what Keycloak made itself", async () => {
    await server.admin.call("POST", `/${realm}/clients`, { clientId: "stray" });
    const site = siteOf(keycloak, realm, planning("client", "exclusive"));
    const plan = await site.plan([itself]);
    expect(plan.steps.map(identityOf), formatPlan(plan)).toEqual(["client stray"]);
    await site.bring([itself]);
    expect((await server.admin.list(`/${realm}/clients`)).map((c) => c["clientId"])).toContain("account-console");
  });

  it("does not become so by being taken over", async () => {
    await server.admin.call("POST", `/${realm}/clients`, { clientId: "theirs", description: "before" });
    const adopted: Resource = { kind: "client", key: "theirs", fields: { description: "after" } };
    const site = siteOf(keycloak, realm, planning("client", "adopt"));
    await site.bring([itself, adopted]);
    expect((await site.bring([itself])).steps).toEqual([]);
    expect(await server.admin.list(`/${realm}/clients?clientId=theirs`)).toMatchObject([{ description: "after" }]);
  });

  it("is a group only as long as nobody has put groups below it", async () => {
    const site = siteOf(keycloak, realm);
    const group: Resource = { kind: "group", key: groupPath("ours"), fields: {} };
    await site.bring([itself, group]);
    const driver = realmDriver(keycloak, realm);
    const ours = (await driver.read([itself])).find((o) => o.kind === "group" && formatKey(o.key) === "/ours");
    const { id } = await server.admin.get(`/${realm}/group-by-path/ours`);
    await server.admin.call("POST", `/${realm}/groups/${String(id)}/children`, { name: "theirs" });
    expect(await site.bring([itself])).toMatchObject({
      steps: [],
      kept: [{ kind: "group", key: "/ours", because: "it holds group /ours/theirs, which we did not make" }],
    });
    // Also one that was put there at the last moment.
    if (ours === undefined) throw new Error("no group");
    await expect(driver.remove(ours)).rejects.toThrow(/not made by us.*\/ours\/theirs/);
    await server.admin.call("DELETE", `/${realm}/groups/${String(id)}`);
  });
});

describe("notes in the realm", () => {
  it("of two writers at once are both kept, whatever their length", async () => {
    const at = realmAccess(keycloak, realm);
    const ledger = ownershipIn(at, openRealmState(at));
    const entry = (n: number) => ({ kind: "component", key: `key ${n} ${"x".repeat(300)}`, how: "made" as const });
    await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.change({ record: [entry(n)] })));
    expect((await ledger.read()).entries.length).toBeGreaterThanOrEqual(20);
    await ledger.change({ forget: Array.from({ length: 20 }, (_, n) => entry(n)) });
    expect((await ledger.read()).entries.filter((e) => e.key.startsWith("key"))).toEqual([]);
    const names = Object.keys((await server.admin.get(`/${realm}`))["attributes"] as object);
    expect(names.filter((name) => name.startsWith("cloudpass.ledger.")).length).toBeLessThan(3);
  });
});

describe("the lease on a realm", () => {
  const note = (run: string, until: Instant) => ({ run, holder: `${run} on a machine`, since: instant(1000), until });

  it("is one applier's, however many ask at once, and the others are told whose", async () => {
    const lease = leaseOn(realmAccess(keycloak, realm));
    const runs = Array.from({ length: 8 }, (_, n) => `run-${n}`);
    const held = await Promise.all(runs.map((run) => lease.hold(note(run, instant(2000)), instant(1000))));
    const [winner] = held;
    expect(new Set(held.map((h) => h.run)).size).toBe(1);
    await lease.release("somebody else");
    expect((await lease.hold(note("late", instant(3000)), instant(1500))).run).toBe(winner?.run);
    await lease.release(winner?.run ?? "");
    expect((await lease.hold(note("late", instant(3000)), instant(1500))).run).toBe("late");
    await lease.release("late");
  });

  it("of a run that died is taken over by one, when it is over", async () => {
    const lease = leaseOn(realmAccess(keycloak, realm));
    await lease.hold(note("dead", instant(2000)), instant(1000));
    const runs = Array.from({ length: 8 }, (_, n) => `heir-${n}`);
    const held = await Promise.all(runs.map((run) => lease.hold(note(run, instant(4000)), instant(2001))));
    expect(new Set(held.map((h) => h.run)).size).toBe(1);
    expect(held[0]?.run).toMatch(/^heir/);
    await lease.release(held[0]?.run ?? "");
    const seen = await siteOf(keycloak, realm, planning("realm-role", "exclusive")).plan([itself]);
    expect(seen.steps).toEqual([]);
  });
});

describe("who changed what", () => {
  it("is told with account, client and address, for the objects as plans name them", async () => {
    const since = systemClock.now();
    await siteOf(keycloak, realm).bring([itself, { kind: "client", key: "app", fields: { description: "ours" } }]);
    await server.admin.call("POST", "/master/users", { username: "mallory", enabled: true });
    const [user] = await server.admin.list("/master/users?username=mallory");
    const credentials = { type: "password", value: "pm", temporary: false };
    await server.admin.call("PUT", `/master/users/${String(user?.["id"])}/reset-password`, credentials);
    const role = await server.admin.get("/master/roles/admin");
    await server.admin.call("POST", `/master/users/${String(user?.["id"])}/role-mappings/realm`, [role]);
    const mallory = keycloakAdmin(server.rig.url, "mallory", "pm");
    const [client] = await mallory.list(`/${realm}/clients?clientId=app`);
    await mallory.call("PUT", `/${realm}/clients/${String(client?.["id"])}`, { clientId: "app", description: "drift" });
    await mallory.call("PUT", `/${realm}`, { displayName: "drift" });
    await server.admin.call("POST", `/${realm}/roles`, { name: "by-hand" });
    const changes = await whoChanged(server.connection, realm, since, { clock: systemClock, random: systemRandom });
    const of = (kind: string, key: string) => changes.filter((c) => c.kind === kind && c.key === key);
    expect(of("client", "app")).toMatchObject([
      { operation: "create", user: "admin", ourAccount: true },
      { operation: "update", user: "mallory", client: "admin-cli", address: "127.0.0.1", ourAccount: false },
    ]);
    // By hand, with the account that we use, too: Keycloak tells the same of both, so nobody is told that it was us.
    expect(of("realm-role", "by-hand")).toMatchObject([{ operation: "create", user: "admin", ourAccount: true }]);
    expect(of("realm", realm).at(-1)).toMatchObject({ user: "mallory", ourAccount: false });
  });

  it("is told of what clients hold and guard, too", async () => {
    const since = systemClock.now();
    const on = (method: string, path: string, body?: unknown) => server.admin.call(method, `/${realm}${path}`, body);
    const machine = { clientId: "Robot", serviceAccountsEnabled: true, authorizationServicesEnabled: true };
    const id = String(await on("POST", "/clients", machine));
    await on("POST", "/roles", { name: "to-hold" });
    const role = await server.admin.get(`/${realm}/roles/to-hold`);
    const account = await server.admin.get(`/${realm}/clients/${id}/service-account-user`);
    await on("POST", `/users/${String(account["id"])}/role-mappings/realm`, [role]);
    const group = String(await on("POST", "/groups", { name: "machines" }));
    await on("PUT", `/users/${String(account["id"])}/groups/${group}`);
    await on("PUT", `/users/${String(account["id"])}`, { ...account, firstName: "Robot" });
    await on("POST", `/clients/${id}/scope-mappings/realm`, [role]);
    await on("POST", `/clients/${id}/authz/resource-server/scope`, { name: "see" });
    await on("POST", `/clients/${id}/authz/resource-server/policy/time`, { name: "day", hour: "8", hourEnd: "18" });
    const changes = await whoChanged(server.connection, realm, since, { clock: systemClock, random: systemRandom });
    expect(changes.map(identityOf)).toEqual(
      expect.arrayContaining([
        ...["service-account-role Robot realm to-hold", "service-account-group Robot /machines"],
        ...["service-account Robot", "client-role-scope Robot", "authorization-scope Robot see"],
        "authorization-policy Robot day",
      ]),
    );
  });
});
