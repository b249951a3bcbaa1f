import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkScs,
  formatScsCheck,
  formatScsReport,
  removeScsLeftovers,
  type ScsReport,
} from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
}, 240_000);
afterAll(() => cloud?.stop());

const gx1 = target("gx1");
const token = () => cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups: [], sub: "p-manager" });
const failed = (report: ScsReport) => report.checks.filter((c) => !c.pass).map(formatScsCheck);

/** Everything on the cloud that a check makes. */
async function leftovers(): Promise<unknown[]> {
  const lists = await Promise.all(
    ["domains", "users", "roles", "groups", "projects"].map(async (c) => (await cloud.ask("GET", `/${c}`)).body[c]),
  );
  const federation = await Promise.all(
    ["identity_providers", "mappings"].map(async (c) => (await cloud.ask("GET", `/OS-FEDERATION/${c}`)).body[c]),
  );
  return [...lists.flat(), ...federation.flat()].map(({ id, name }) => name ?? id);
}

describe("scs-0302 on a real Keystone", () => {
  it("holds for a manager with a password and for one that comes with a token, and nothing is left behind", async () => {
    const before = await leftovers();
    const report = await checkScs(gx1, cloud.connection, { accessToken: await token() }, deps);
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ pass: true, assignable: ["manager", "member", "reader"] });
    for (const actor of ["password manager", "federated manager"]) {
      const requirements = new Set(report.checks.filter((c) => c.actor === actor).map((c) => c.requirement));
      expect([...requirements]).toEqual(expect.arrayContaining(["R2", "R3", "R4", "R5", "R6", "R7"]));
    }
    expect(report.checks.length).toBeGreaterThan(150);
    expect(new Set(report.checks.map((c) => `${c.actor} ${c.id}`)).size).toBe(report.checks.length);
    expect(formatScsReport(report).at(-1)).toBe(
      `${report.checks.length} of ${report.checks.length} checks passed: conformant`,
    );
    expect(await leftovers()).toEqual(before);
  });

  it("removes what it made when it is interrupted half-way", async () => {
    const before = await leftovers();
    const aborter = new AbortController();
    let asked = 0;
    const signal = new Proxy(aborter.signal, {
      get: (target, key) => {
        if (key === "throwIfAborted" && ++asked === 20) aborter.abort(new Error("interrupted"));
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await expect(checkScs(gx1, cloud.connection, { signal }, deps)).rejects.toThrow("interrupted");
    expect(await leftovers()).toEqual(before);
  });

  it("removes what a killed run left, and nothing else", async () => {
    const before = await leftovers();
    expect(await removeScsLeftovers(gx1, cloud.connection, deps)).toBe(0);
    await cloud.ask("POST", "/domains", { domain: { name: "cloudpass--check-00000000-a" } });
    await cloud.ask("POST", "/roles", { role: { name: "cloudpass--check-00000000-role" } });
    expect(await removeScsLeftovers(gx1, cloud.connection, deps)).toBe(2);
    expect(await leftovers()).toEqual(before);
  });

  it("a token for another cloud makes no federated manager, and that is a failure", async () => {
    const accessToken = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx2", groups: [], sub: "p-manager" });
    const report = await checkScs(gx1, cloud.connection, { accessToken }, deps);
    expect(report.pass).toBe(false);
    expect(failed(report)).toEqual([expect.stringContaining("R2.1 federated manager comes in with its token")]);
  });

  it("finds a cloud whose domain managers may hand out admin", async () => {
    const policy = join(cloud.rig.dir, "policy.yaml");
    const roles = ["admin", "manager", "member", "reader"].map((role) => `'${role}':%(target.role.name)s`).join(" or ");
    await writeFile(policy, `{"domain_managed_target_role": "${roles}"}`);
    try {
      await until(async () => {
        const report = await checkScs(gx1, cloud.connection, {}, deps);
        if (report.assignable.includes("admin")) {
          expect(report.pass).toBe(false);
          expect(failed(report)).toContainEqual(expect.stringContaining("R9.1 password manager gives admin"));
          expect(formatScsReport(report).at(-1)).toContain("NOT conformant");
          return true;
        }
        return false;
      });
    } finally {
      await rm(policy);
    }
  });
});

/** Keystone reads its policy file again when it has changed, at some question. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3; tries++) if (await holds()) return;
  throw new Error("it did not come about");
}
