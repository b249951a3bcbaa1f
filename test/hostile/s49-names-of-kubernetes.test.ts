import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../src/policy/index.ts";
import { authenticationConfiguration, compileKubernetes } from "../../src/targets/index.ts";
import { examplePolicy, target } from "../contract/targets-policy.ts";

// What a real API server and a real Keystone make of such values: test/contract/targets-values.test.ts.

const said = [
  "system:masters",
  "SYSTEM:MASTERS",
  " system:masters",
  "sy\u0455tem:masters",
  "\uff53ystem:masters",
  "system\u200b:masters",
  "kubeadm:cluster-admins",
  'JSON:{"name":"x"}',
  "['cp.customer-a.developer']",
  "cp.customer-b.developer",
  "cp.customer-a.developer;cp.customer-b.developer",
  ...Array.from({ length: 10_000 }, (_, i) => `g${i}`),
];

describe("S-49: what an identity provider says never becomes a group of a target", () => {
  const policy = examplePolicy({});

  test("the groups of a decision are those of the policy, whatever the claims hold", () => {
    const facts = {
      tenant: "customer-a",
      identityProvider: "customer-a-idp",
      amr: [],
      loginMethod: "browser",
      client: "cloudpass",
      at: 1_800_000_000,
    };
    const decide = (groups: unknown) => policy.decide({ ...facts, claims: { sub: "s", groups } } as never);
    expect(decide(said)).toMatchObject({ kind: "decided", entitlements: [] });
    for (const one of said.slice(0, 11)) expect(decide(one)).toMatchObject({ kind: "decided", entitlements: [] });
    const withOne = decide([...said, "developers"]);
    const alone = decide(["developers"]);
    expect(withOne).toEqual(alone);
  });

  test("a name that only compatibility forms make equal is another name, in a claim and in the policy", () => {
    const wide = examplePolicy({}, [
      // Found by one value, by two conditions, and by a value that is itself written in such a form.
      ["all: [{ groups: { has: auditors } }]", "all: [{ groups: { has: auditors } }, { dep: { has: audit } }]"],
      ["all: [{ groups: { has: platform } }]", 'all: [{ groups: { has: "\uff50latform" } }]'],
    ]);
    const decide = (policy: typeof wide, groups: string[]) =>
      policy.decide({
        tenant: "customer-a",
        identityProvider: "customer-a-idp",
        amr: [],
        loginMethod: "browser",
        client: "cloudpass",
        at: 1_800_000_000,
        claims: { sub: "s", groups, dep: ["audit"] },
      } as never);
    for (const name of ["developers", "platform", "auditors"]) {
      const [first = "", ...rest] = name;
      const look = `${String.fromCharCode(first.charCodeAt(0) + 0xfee0)}${rest.join("")}`;
      expect([look.normalize("NFKC"), look.normalize("NFC")]).toEqual([name, look]);
      expect(decide(policy, [name]), name).not.toMatchObject({ entitlements: [] });
      expect(decide(policy, [look]), look).toMatchObject({ kind: "decided", entitlements: [] });
      if (name === "platform") continue;
      expect(decide(wide, [name]), name).not.toMatchObject({ entitlements: [] });
      expect(decide(wide, [look]), look).toMatchObject({ kind: "decided", entitlements: [] });
    }
    expect(decide(wide, ["platform"])).toMatchObject({ kind: "decided", entitlements: [] });
    expect(decide(wide, ["\uff50latform"])).not.toMatchObject({ entitlements: [] });
  });

  test("a generated authentication file has the prefix and both rules", () => {
    const text = JSON.stringify(
      authenticationConfiguration(policy, [target("prod1")], { issuer: "https://x.example" }),
    );
    const { jwt } = JSON.parse(text) as {
      jwt: { claimMappings: object; userValidationRules: { expression: string }[] }[];
    };
    expect(jwt[0]?.claimMappings).toMatchObject({ username: { prefix: "cp:" }, groups: { prefix: "cp:" } });
    expect(jwt[0]?.userValidationRules.map((r) => r.expression)).toEqual([
      '!user.username.startsWith("system:")',
      'user.groups.all(g, !g.startsWith("system:"))',
    ]);
  });

  test.each(["system:", "SYSTEM:", "kubeadm:", "", "sy\u0455tem:"])("a prefix %j is no prefix", (prefix) => {
    const text = `kind: Targets\nclusters: { k: { api: "https://k.example", roles: [view], subjects: { prefix: ${JSON.stringify(prefix)} } } }\n`;
    expect(loadPolicy([{ file: "t.yaml", text }]).ok).toBe(false);
  });

  test("every subject that is bound carries the prefix and a minted name", () => {
    for (const binding of compileKubernetes(policy, target("prod1")).bindings)
      for (const subject of binding.subjects) expect(subject.name).toMatch(/^cp:cp\.customer-[ab]\.[a-z0-9.-]+$/);
  });
});
