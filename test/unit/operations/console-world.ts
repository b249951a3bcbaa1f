import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type IdentityProviderAlias,
  type LoginId,
  type Person,
  subjectId,
  systemClock,
  type TenantName,
} from "../../../src/core/index.ts";
import { rememberPerson } from "../../../src/issuer/logins/known-people.ts";
import { createTokenNotes } from "../../../src/issuer/logins/last-tokens.ts";
import {
  type Caller,
  type ConsoleDeps,
  createTenantViews,
  followPolicyFiles,
  loadBroker,
  openOrMake,
} from "../../../src/operations/index.ts";
import { policyInUse } from "../../../src/policy/index.ts";
import type { Repository } from "../../../src/repository/index.ts";
import { kit, somebody } from "../issuer/kit.ts";

/** What the operator says: a tenant with a manager, who may give `member` and `reader`, and another tenant. */
export const targets = `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member, reader, manager]}}
console: {roles: [tenant-manager, tenant-auditor, operator, operator-approver]}
tenants:
  acme:
    upstreams: [acme-idp]
    domains: {gx1: acme}
    projects: [dev]
    ceiling: {openstack: [member, reader, manager], console: [tenant-manager, tenant-auditor, operator, operator-approver]}
  other: {upstreams: [other-idp], domains: {gx1: other}, projects: [dev], ceiling: {openstack: [member]}}
---
# The operator says who manages and who runs this.
kind: Policy
tenant: acme
sets:
  boss: [{console: {role: tenant-manager}}, {openstack: {role: manager, on: domain}}]
  ops: [{console: {role: operator}}]
  approver: [{console: {role: operator-approver}}]
people:
  bosses: {from: acme-idp, all: [{groups: {has: bosses}}]}
  operators: {from: acme-idp, all: [{groups: {has: operators}}]}
  approvers: {from: acme-idp, all: [{groups: {has: approvers}}]}
grants:
  - {id: boss-console, give: boss, to: bosses, at: [console]}
  - {id: boss, give: boss, to: bosses, at: [gx1]}
  - {id: ops, give: ops, to: operators, at: [console]}
  - {id: approver, give: approver, to: approvers, at: [console]}
`;

/** The tenant's own file, as somebody wrote it by hand. */
export const written = `# Who works on dev.
kind: Policy
tenant: acme
sets:
  developer:   # everybody who builds
    - openstack: { role: member, on: { project: dev } }
  auditor: [{ openstack: { role: reader, on: domain } }, { console: { role: tenant-auditor } }]
people:
  devs: { from: acme-idp, all: [{ groups: { has: devs } }] }
grants:
  # Since the beginning.
  - { id: dev, give: developer, to: devs, at: [gx1] }
tests:
  - name: a developer
    as: { upstream: acme-idp, claims: { sub: s, groups: [devs] } }
    expect: { includes: [gx1 project acme/dev member] }
`;

export const personOf = (name: string, groups: readonly string[], more: Partial<Person> = {}): Person =>
  somebody(name, groups, {
    sub: subjectId("https://kc.example", `acme/${name}`, "acme" as TenantName),
    tenant: "acme" as TenantName,
    identityProvider: "acme-idp" as IdentityProviderAlias,
    name: `${name} of Acme`,
    ...more,
  });

export const callerOf = (...groups: string[]): Caller => ({
  person: personOf("mia", groups),
  client: "console",
  loginMethod: "browser",
});

/** A broker's policy files in a folder and a repository, and the console's operations over them. */
export async function world(text = written) {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-console-"));
  writeFileSync(join(folder, "targets.yaml"), targets);
  writeFileSync(
    join(folder, "broker.yaml"),
    `issuer: http://127.0.0.1:9\nallowInsecureLoopback: true\nmasterKey: {env: KEY}\nkeys: keys.json\nupstream: {issuer: "http://127.0.0.1:9/r", allowInsecureLoopback: true}\npolicies: [targets.yaml]\npolicyRepository: {folder: policies.git}\n`,
  );
  const loaded = await loadBroker(join(folder, "broker.yaml"), {
    lookup: () => "k".repeat(48),
    clock: systemClock,
    open: openOrMake(systemClock),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  const repository = loaded.value.repository as Repository;
  const inUse = policyInUse(loaded.value.policy);
  const policyFiles = followPolicyFiles({ inUse, files: loaded.value });
  /** As somebody with a clone of the repository does it. */
  const push = async (file: string, content: string | undefined) => {
    const saved = await repository.save({
      from: await repository.head(),
      author: { name: "Hand", email: "hand@acme.example" },
      subject: `by hand: ${file}`,
      edit: () => ({ ok: true, value: new Map([[file, content]]) }),
    });
    if (!saved.ok) throw new Error(JSON.stringify(saved.refusal));
    await policyFiles.take();
    return saved.value.commit;
  };
  const from = await push("acme/policy.yaml", text);
  const k = kit({ policy: inUse.policy });
  const deps: ConsoleDeps = {
    ...k.parts,
    realmSessions: async () => ({ end: async () => undefined }),
    policyFiles,
    viewOf: createTenantViews(k.parts),
  };
  const textOf = async (file = "acme/policy.yaml") =>
    (await repository.filesAt(await repository.head())).files.find((one) => one.file === file)?.text;
  const stop = async () => {
    await repository.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const remember = (person: Person) => rememberPerson(k.parts, person);
  const note = createTokenNotes(k.parts);
  /** Somebody gets a token for a target. */
  const use = async (name: string, audience: string) => {
    const person = personOf(name, []);
    const login = { person, loginMethod: "browser", behind: { kind: "robot" } } as const;
    const rights = { audience, groups: [] };
    note({ loginId: "l" as LoginId, login, client: "cloudpass", rights, expiresAt: k.clock.now() });
    for (let i = 0; i < 10; i++) await new Promise((go) => setImmediate(go));
  };
  return { k, deps, repository, policyFiles, inUse, from, push, textOf, remember, use, stop };
}

/** A broker's parts, as if the tenant had so many grants more. */
export function withGrants(deps: ConsoleDeps, many: number): ConsoleDeps {
  const rules = new Map(deps.policy.rules);
  const tenant = "acme" as TenantName;
  const own = rules.get(tenant);
  const [first] = own?.grants ?? [];
  if (own === undefined || first === undefined) throw new Error("the tenant has no grants");
  const more = Array.from({ length: many }, (_, n) => ({ ...first, id: `more-${n}` }));
  rules.set(tenant, { ...own, grants: [...own.grants, ...more] });
  const policy = new Proxy(deps.policy, {
    get: (held, key) => (key === "rules" ? rules : (Reflect.get(held, key) as unknown)),
  });
  return { ...deps, policy };
}
