import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import { authorizationPolicyKind } from "../../../src/realms/kinds/authorization.ts";
import type { Observed, PlainMap } from "../../../src/reconcile/index.ts";
import { pick, resourcesOf } from "./kit.ts";

const script: PlainMap = {
  ...{
    name: "all",
    type: "js",
    logic: "POSITIVE",
    decisionStrategy: "AFFIRMATIVE",
    config: { code: "grant()", x: "1" },
  },
};

describe("a policy that is a script", () => {
  it("keeps its code, which no file says; what else the file does not say of it goes", () => {
    const observed = { kind: "authorization-policy", key: ["api", "all"], fields: script, owned: true };
    expect(authorizationPolicyKind.rule.unsaid?.(observed, {})["config"]).toEqual({ code: "grant()", x: null });
  });

  it("is imported with how it decides between several", async () => {
    const client = { protocol: "openid-connect", clientId: "api", serviceAccountsEnabled: true };
    const observed: Observed[] = (
      [
        ["realm", "x", { realm: "x" }],
        ["client", "api", { ...client, authorizationServicesEnabled: true }],
        ["authorization-settings", "api", { policyEnforcementMode: "ENFORCING", decisionStrategy: "UNANIMOUS" }],
        ["authorization-policy", ["api", "all"], script],
      ] as const
    ).map(([kind, key, fields]) => ({ kind, key, fields, owned: false }));
    const { text, notes } = describeRealm("x", observed, [], { now: () => instant(0) });
    expect(notes).toEqual([expect.stringContaining("code of a script is never in a realm file")]);
    const policy = pick(await resourcesOf(text), "authorization-policy", "api all");
    expect(policy.fields).toMatchObject({ type: "js", decisionStrategy: "AFFIRMATIVE", config: { x: "1" } });
  });
});
