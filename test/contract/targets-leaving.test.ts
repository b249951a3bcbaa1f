import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantName } from "../../src/core/index.ts";
import {
  cloudHoldingsOfPerson,
  cloudHoldingsOfTenant,
  endHoldings,
  type Holding,
  pushLogin,
} from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.apply();
}, 240_000);
afterAll(() => cloud?.stop());

const gx1 = target("gx1");

/** Somebody who works on a project and has left a key there. */
async function worker(sub: string, tenant = "customer-a") {
  const groups = [`cp.${tenant}.developer`, `cp.${tenant}.domain-manager`];
  const login = () => cloud.issuer.mint({ tenant, aud: "gx1", groups, sub }).then((t) => cloud.logIn(tenant, t));
  const unscoped = await login();
  const user = unscoped.body.token.user.id as string;
  // An application credential needs a role of the person's own: those of groups expire.
  const domain = await cloud.idOf("domains", tenant);
  const project = (await cloud.ask("GET", `/projects?name=dev&domain_id=${domain}`)).body.projects[0].id;
  const member = await cloud.idOf("roles", "member");
  expect((await cloud.ask("PUT", `/projects/${project}/users/${user}/roles/${member}`)).status).toBe(204);
  const atWork = await cloud.scopeTo(unscoped.token, "dev", tenant);
  const body = { application_credential: { name: `ci of ${sub}` } };
  const made = await cloud.ask("POST", `/users/${user}/application_credentials`, body, atWork.token);
  expect(made.status).toBe(201);
  const { id, secret } = made.body.application_credential;
  const ec2 = await cloud.ask("POST", `/users/${user}/credentials/OS-EC2`, { tenant_id: project }, atWork.token);
  expect(ec2.status).toBe(201);
  const inDomain = await cloud.scopeTo(unscoped.token, undefined, tenant);
  const withKey = () =>
    cloud.ask("POST", "/auth/tokens", {
      auth: { identity: { methods: ["application_credential"], application_credential: { id, secret } } },
    });
  const machine = await withKey();
  const tokens = [unscoped.token, atWork.token, inDomain.token, machine.token];
  // Keystone says 404 where a thing that the token names is gone, and 401 where the token is revoked.
  const honoured = async (token: string) => {
    const { status } = await cloud.ask("GET", "/auth/projects", undefined, token);
    expect([200, 401, 404]).toContain(status);
    return status === 200;
  };
  const works = () => Promise.all(tokens.map(honoured));
  expect(await works()).toEqual(all(true));
  return { login, works, withKey, user };
}

const all = (honoured: boolean): boolean[] => Array(4).fill(honoured);

const linesOf = (holdings: readonly Holding[]) =>
  holdings.map((h) => `${h.where}: ${h.what.replace(/[0-9a-f]{64}/, "ID")}: ${h.ended ? "was" : "to be"} ${h.becomes}`);

describe("a leaver on a real Keystone", () => {
  it("is shown with everything that works without a login, and loses it within seconds; a second run finds it ended", async () => {
    const leaver = await worker("p-leaver");
    const stayer = await worker("p-stayer");
    const reach = await cloudHoldingsOfPerson(gx1, cloud.connection, "p-leaver", deps);
    expect(linesOf(reach)).toEqual([
      "cloud gx1: user alice, ID: to be disabled",
      "cloud gx1: application credential ci of p-leaver on project dev: to be deleted",
      "cloud gx1: ec2 credential on project dev: to be deleted",
    ]);
    const started = Date.now();
    const proofs = await endHoldings(reach);
    expect(proofs.map((p) => p.outcome)).toEqual(["ended", "ended", "ended"]);
    expect(await leaver.works()).toEqual(all(false));
    expect([401, 404]).toContain((await leaver.withKey()).status);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(await stayer.works()).toEqual(all(true));
    const again = await cloudHoldingsOfPerson(gx1, cloud.connection, "p-leaver", deps);
    expect(linesOf(again)).toEqual(["cloud gx1: user alice, ID: was disabled"]);
    expect((await endHoldings(again)).map((p) => p.outcome)).toEqual(["was ended"]);
    const back = await leaver.login();
    expect([401, 404]).toContain((await cloud.scopeTo(back.token, "dev")).status);
  });

  it("somebody whom the cloud never saw holds nothing", async () => {
    expect(await cloudHoldingsOfPerson(gx1, cloud.connection, "p-stranger", deps)).toEqual([]);
  });

  it("a run that is cut half-way is finished by the next one", async () => {
    const leaver = await worker("p-cut");
    const reach = await cloudHoldingsOfPerson(gx1, cloud.connection, "p-cut", deps);
    await reach[0]?.end();
    const rest = await cloudHoldingsOfPerson(gx1, cloud.connection, "p-cut", deps);
    expect(linesOf(rest).map((line) => line.includes("to be"))).toEqual([false, true, true]);
    expect((await endHoldings(rest)).map((p) => p.outcome)).toEqual(["was ended", "ended", "ended"]);
    expect(await leaver.works()).toEqual(all(false));
  });

  it("a person whose rights became fewer loses them by a pushed login, without any account on the cloud", async () => {
    const changed = await worker("p-changed");
    const inDomain = async () => (await cloud.scopeTo((await changed.login()).token, undefined)).status;
    expect(await inDomain()).toBe(201);
    // Keystone revokes what was issued before this second.
    await deps.clock.sleep(2100);
    const groups = ["cp.customer-a.developer"];
    const fewer = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-changed" });
    expect(await pushLogin(gx1, { authUrl: cloud.rig.url }, "customer-a" as TenantName, fewer, deps)).toBe(true);
    const [unscoped, , domain] = await changed.works();
    expect([unscoped, domain]).toEqual([false, false]);
    const foreign = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx2", groups, sub: "p-changed" });
    expect(await pushLogin(gx1, { authUrl: cloud.rig.url }, "customer-a" as TenantName, foreign, deps)).toBe(false);
  });
});

describe("a tenant that leaves", () => {
  it("loses domain, identity provider, people and their keys, and the other tenant nothing", async () => {
    const [leaving, staying] = [await worker("p-b1", "customer-b"), await worker("p-a1", "customer-a")];
    const tenant = cloud.policy.tenants.get("customer-b" as TenantName);
    if (tenant === undefined) throw new Error("no such tenant");
    const reach = await cloudHoldingsOfTenant(gx1, cloud.connection, tenant, deps);
    expect(linesOf(reach)).toEqual([
      "cloud gx1: domain customer-b: to be disabled",
      "cloud gx1: identity provider cloudpass-customer-b: to be disabled",
      "cloud gx1: user alice, ID: to be disabled",
      "cloud gx1: application credential ci of p-b1 on project dev: to be deleted",
      "cloud gx1: ec2 credential on project dev: to be deleted",
    ]);
    expect((await endHoldings(reach)).map((p) => p.outcome)).toEqual(Array(5).fill("ended"));
    expect(await leaving.works()).toEqual(all(false));
    expect((await leaving.login()).status).not.toBe(201);
    expect([401, 404]).toContain((await leaving.withKey()).status);
    expect(await staying.works()).toEqual(all(true));
    const again = await cloudHoldingsOfTenant(gx1, cloud.connection, tenant, deps);
    expect(again.map((h) => h.ended)).toEqual([true, true, true]);
  });
});
