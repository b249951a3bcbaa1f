import { beforeAll, describe, expect, inject, it } from "vitest";
import { Fault, instant } from "../../../src/core/index.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { formatPlan, type PlainMap, type Resource } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";
import { connectTo, siteOf } from "./site.ts";

const realm = "flows";
const server = reached(inject("keycloak"));

const unique: PlainMap = { does: "idp-create-user-if-unique", requirement: "REQUIRED" };
const review = (how: string): PlainMap => ({
  ...{ does: "idp-review-profile", requirement: "REQUIRED" },
  config: { alias: "our review", config: { "update.profile.on.first.login": how } },
});
const nested = (steps: readonly PlainMap[]): PlainMap => ({
  ...{ flow: "our inner", requirement: "CONDITIONAL" },
  steps: [{ does: "conditional-user-configured", requirement: "REQUIRED" }, ...steps],
});
const flow = { kind: "authentication-flow", key: "our first login" };
const idp = (n: number): Resource => ({
  ...{ kind: "identity-provider", key: `idp-${n}`, dependsOn: [flow] },
  fields: {
    ...{ providerId: "oidc", firstBrokerLoginFlowAlias: flow.key },
    config: { authorizationUrl: "https://i.example/a", tokenUrl: "https://i.example/t", clientId: "x" },
  },
});
/** A realm in which everything that can use the flow does. */
const wanted = (steps: readonly PlainMap[]): Resource[] => [
  { kind: "realm", key: realm, fields: { enabled: true } },
  { kind: "flow-bindings", key: realm, fields: { firstBrokerLoginFlow: flow.key }, dependsOn: [flow] },
  { ...flow, fields: { description: "Ours.", steps } },
  idp(1),
  idp(2),
  {
    ...{ kind: "client", key: "app", dependsOn: [flow] },
    fields: { redirectUris: ["https://a.example/"], authenticationFlowBindingOverrides: { browser: flow.key } },
  },
];
const first = [review("missing"), unique, nested([unique])];
const second = [unique, nested([review("off"), unique])];

/** What uses which flow, as an administrator sees it. */
async function uses(): Promise<unknown[]> {
  const flows = await server.admin.list(`/${realm}/authentication/flows`);
  const aliasOf = (id: unknown) => flows.find((f) => f["id"] === id)?.["alias"];
  const [client] = await server.admin.list(`/${realm}/clients?clientId=app`);
  const overrides = (client?.["authenticationFlowBindingOverrides"] ?? {}) as PlainMap;
  const idps = await server.admin.list(`/${realm}/identity-provider/instances`);
  return [
    (await server.admin.get(`/${realm}`))["firstBrokerLoginFlow"],
    ...idps.map((i) => i["firstBrokerLoginFlowAlias"]),
    aliasOf(overrides["browser"]),
  ];
}

/** A connection that dies before the n-th write, or right after it. */
function dying(keycloak: Keycloak, writes: number, after: boolean): Keycloak {
  let left = writes;
  return {
    ...keycloak,
    call: async (doing, manner, request) => {
      if (manner === "read") return keycloak.call(doing, manner, request);
      left--;
      if (left < 0 || (left === 0 && !after)) throw new Fault("keycloak", "dying");
      const answer = await keycloak.call(doing, manner, request);
      if (left === 0) throw new Fault("keycloak", "dying");
      return answer;
    },
  };
}

beforeAll(async () => {
  await siteOf(connectTo(server.rig), realm).bring(wanted(first));
});

describe("a flow that changes", () => {
  it("is replaced by a new one, which realm, identity providers and clients use from then on", async () => {
    expect(await uses()).toEqual(Array(4).fill(flow.key));
    const plan = await siteOf(connectTo(server.rig), realm).bring(wanted(second));
    expect(plan.steps).toMatchObject([{ ...flow, action: "replace" }]);
    expect(await uses()).toEqual(Array(4).fill(flow.key));
    const names = (await server.admin.list(`/${realm}/authentication/flows`)).map((f) => String(f["alias"]));
    expect(names.filter((name) => name.includes("being built"))).toEqual([]);
  });

  it("is complete for whoever uses it at any moment, wherever the replacement dies, and the next run completes it", async () => {
    const keycloak = connectTo(server.rig);
    const stepsThere = async (alias: string) =>
      (await server.admin.list(`/${realm}/authentication/flows/${encodeURIComponent(alias)}/executions`)).filter(
        (e) => e["requirement"] !== "DISABLED",
      ).length;
    const complete = await stepsThere(flow.key);
    let outcome = "";
    for (let writes = 1, steps = first; outcome !== "applied"; writes += 5, steps = steps === first ? second : first) {
      expect(writes).toBeLessThan(100);
      outcome = (await siteOf(dying(keycloak, writes, writes % 2 === 0), realm).apply(wanted(steps))).outcome;
      for (const alias of new Set(await uses())) expect(await stepsThere(String(alias)), String(alias)).toBe(complete);
      const mended = siteOf(keycloak, realm);
      await mended.bring(wanted(steps));
      expect(await uses()).toEqual(Array(4).fill(flow.key));
      const again = await mended.plan(wanted(steps));
      expect(again.steps, formatPlan(again)).toEqual([]);
    }
  });

  it("that nobody wants any more goes, and a realm that used it uses Keycloak's own again", async () => {
    await siteOf(connectTo(server.rig), realm).bring([{ kind: "realm", key: realm, fields: { enabled: true } }]);
    const names = (await server.admin.list(`/${realm}/authentication/flows`)).map((f) => String(f["alias"]));
    expect(names.filter((name) => name.startsWith("our"))).toEqual([]);
    expect((await server.admin.get(`/${realm}`))["firstBrokerLoginFlow"]).toBe("first broker login");
  });
});

describe("a built-in flow that is otherwise", () => {
  const own = "reset credentials";
  const site = (keycloak: Keycloak) =>
    siteOf(keycloak, realm, { now: instant(0), manage: { "builtin-flow": adopted } });
  const adopted = { mode: "adopt", only: [own] } as const;
  const step = (does: string): PlainMap => ({ does, requirement: "REQUIRED" });
  const otherwise = (last: readonly PlainMap[]): Resource[] => [
    { kind: "realm", key: realm, fields: { enabled: true } },
    {
      ...{ kind: "builtin-flow", key: own },
      fields: {
        steps: [step("reset-credentials-choose-user"), { flow: "our reset", requirement: "REQUIRED", steps: last }],
      },
    },
  ];
  const [short, long] = [[step("reset-password")], [step("reset-credential-email"), step("reset-password")]];
  /** Keycloak's word for each flow of the realm that is not its own. */
  const notBuiltIn = async () => {
    const whole = await server.admin.call("POST", `/${realm}/partial-export`);
    const flows = (whole as { readonly authenticationFlows: readonly Record<string, unknown>[] }).authenticationFlows;
    return flows.filter((flow) => flow["builtIn"] !== true).map((flow) => flow["alias"]);
  };

  it("says when all is done that it is Keycloak's own, wherever the replacement dies", async () => {
    const keycloak = connectTo(server.rig);
    await site(keycloak).bring(otherwise(short));
    expect(await notBuiltIn()).toEqual([]);
    let outcome = "";
    for (let writes = 1, last = long; outcome !== "applied"; writes += 1, last = last === long ? short : long) {
      expect(writes).toBeLessThan(40);
      outcome = (await site(dying(keycloak, writes, true)).apply(otherwise(last))).outcome;
      await site(keycloak).bring(otherwise(last));
      expect(await notBuiltIn(), `after ${writes} writes`).toEqual([]);
    }
  });
});
