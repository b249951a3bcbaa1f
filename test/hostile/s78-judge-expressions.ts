import { loadPolicy } from "../../src/policy/index.ts";
import { login } from "../unit/policy/kit.ts";

// A process of its own, with a small heap: judges expressions one after the other, and says of each how it went. What it
// does not say before it ends is what ended it.

const large = {
  groups: Array.from({ length: 10_000 }, (_, i) => `group-${i}`),
  dep: "ab".repeat(16_384),
  staff: true,
};

const targets = `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member]}}
upstreams: {acme-idp: {claims: {groups: {type: list}, dep: {type: text}, staff: {type: boolean}}}}
tenants: {acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: [member]}}}
`;

const policyFor = (cel: string) => `kind: Policy
tenant: acme
sets: {dev: [{openstack: {role: member, on: domain}}]}
people: {who: {from: acme-idp, cel: ${JSON.stringify(cel)}}}
grants: [{id: g, give: dev, to: who, at: [gx1]}]
`;

process.on("message", (expressions: string[]) => {
  for (const [i, cel] of expressions.entries()) {
    const start = process.cpuUsage();
    const loaded = loadPolicy([
      { file: "targets.yaml", text: targets },
      { file: "acme.yaml", text: policyFor(cel) },
    ]);
    const message = loaded.ok ? "" : (loaded.refusal[0]?.message ?? "");
    if (loaded.ok) loaded.value.decide(login(large));
    const { user, system } = process.cpuUsage(start);
    process.send?.({ i, accepted: loaded.ok, message, ms: (user + system) / 1000 });
  }
  process.disconnect();
});
