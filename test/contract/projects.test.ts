import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TargetName } from "../../src/core/index.ts";
import { listProjects, showProject } from "../../src/operations/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import { startSmallKeystone } from "../support/small-keystone.ts";
import { atConsole, consoleOver } from "./own-domain.ts";
import { applyPolicy, startCloud } from "./target-rigs.ts";
import { examplePolicy } from "./targets-policy.ts";

// A domain manager's projects, on a real Keystone behind Apache and on the stand-in that faster tests use. The second cloud of
// the policy never answers.

const away = "http://127.0.0.1:9/v3";
const gx1 = "gx1" as TargetName;

interface Ground {
  readonly policy: Policy;
  readonly signing: Parameters<typeof consoleOver>[1];
  /** Makes a project in a domain behind the product's back; answers its id. */
  make(domain: string, name: string): Promise<string>;
  stop(): Promise<void>;
}

async function realGround(): Promise<Ground> {
  const cloud = await startCloud("gx1", (url) => examplePolicy({ gx1: url, gx2: away }));
  const policy = examplePolicy({ gx1: cloud.rig.url, gx2: away });
  await applyPolicy(policy, "gx1", cloud.connection);
  const make = async (domain: string, name: string) => {
    const { body } = await cloud.ask("GET", `/domains?name=${domain}`);
    const domain_id = body.domains[0].id;
    return (await cloud.ask("POST", "/projects", { project: { name, domain_id } })).body.project.id as string;
  };
  return { policy, signing: cloud.issuer, make, stop: cloud.stop };
}

async function smallGround(): Promise<Ground> {
  const keystone = await startSmallKeystone("gx1");
  const policy = examplePolicy({ gx1: keystone.url, gx2: away });
  for (const name of ["dev", "prod"]) keystone.add({ name });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signing = {
    issuer: "https://issuer.example",
    sign: (typ: string, claims: object) => `${part({ typ })}.${part(claims)}.x`,
  };
  const make = async (domain: string, name: string) =>
    keystone.add({ name, domain_id: Buffer.from(domain.padEnd(16, "-")).toString("hex").slice(0, 32) }).id;
  return { policy, signing, make, stop: keystone.stop };
}

describe.each([
  ["a real Keystone", realGround],
  ["the stand-in", smallGround],
])("a domain manager's projects on %s", (_where, begin) => {
  let ground: Ground;
  let console: ReturnType<typeof consoleOver>;
  const tenant = "customer-a";
  const [alice, auditor, bob] = [
    atConsole("alice", ["platform"]),
    atConsole("aud", ["auditors"]),
    atConsole("bob", ["developers"]),
  ];
  beforeAll(async () => {
    ground = await begin();
    console = consoleOver(ground.policy, ground.signing);
  }, 240_000);
  afterAll(() => ground?.stop());

  const list = async (who = alice) => {
    const found = await listProjects({ tenant, limit: 50 }, console.deps, who);
    if (!found.ok) throw new Error(found.refusal.message);
    return found.value;
  };

  it("are listed for each cloud, and a cloud that is away keeps nothing back", async () => {
    const { items, clouds } = await list();
    expect(clouds).toMatchObject([
      { cloud: "gx1", domain: "customer-a", manages: true, state: "read" },
      { cloud: "gx2", domain: "d000001", manages: true, state: "no answer" },
    ]);
    expect(items.map(({ name, keptBy, at }) => [name, keptBy, at.map(({ cloud }) => cloud)])).toEqual([
      ["dev", "operator", ["gx1"]],
      ["prod", "operator", ["gx1"]],
    ]);
    expect(new Set(console.noted)).toEqual(new Set(["gx1", "gx2"]));
    expect(console.events.filter(({ event }) => event === "token.issued")[0]).toMatchObject({
      ...{ audience: "gx1", grant: "console", groups: ["cp.customer-a.domain-manager"] },
    });
  });

  it("are seen by an auditor as a manager read them, and nothing is asked for it", async () => {
    const before = console.noted.length;
    const { items, clouds } = await list(auditor);
    expect(items.map(({ name }) => name)).toEqual(["dev", "prod"]);
    expect(clouds[0]).toMatchObject({ manages: false, state: "read" });
    expect(console.noted).toHaveLength(before);
    expect(await listProjects({ tenant, limit: 50 }, console.deps, bob)).toMatchObject({
      refusal: { code: "forbidden" },
    });
  });

  it("are shown one by one; those of another domain are not there (S-46)", async () => {
    const [own, foreign] = [await ground.make("customer-a", "seen"), await ground.make("customer-b", "seen")];
    const show = (project: string) => showProject({ tenant, cloud: "gx1", project }, console.deps, alice);
    expect(await show(own)).toMatchObject({
      value: {
        name: "seen",
        keptBy: "hand",
        enabled: true,
        mayChange: true,
        access: [{ grant: "audit", role: "reader" }],
      },
    });
    for (const id of [foreign, "0".repeat(32), "../users", "", "a".repeat(128)])
      expect(await show(id), id).toMatchObject({ refusal: { code: "not_found", message: "there is no such project" } });
  });

  it("are not entered by who manages nothing there: nothing is sent", async () => {
    const own = ground.policy.tenants.get("customer-a" as never);
    const cloud = ground.policy.targets.get(gx1);
    if (own === undefined || cloud?.kind !== "openstack") throw new Error("no cloud");
    const before = console.noted.length;
    const at = { cloud, domain: "customer-a", manages: true };
    for (const who of [auditor, bob])
      expect(await console.clouds.enter(who, own, at)).toMatchObject({ refusal: { code: "forbidden" } });
    expect(console.noted).toHaveLength(before);
  });
});
