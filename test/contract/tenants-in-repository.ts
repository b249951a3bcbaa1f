import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommitId, systemClock, type TenantName } from "../../src/core/index.ts";
import { followPolicyFiles, loadBroker, openOrMake } from "../../src/operations/index.ts";
import { policyInUse } from "../../src/policy/index.ts";
import type { Repository } from "../../src/repository/index.ts";
import { maria } from "../support/policy-repository.ts";
import { consoleOver } from "./own-domain.ts";
import type { Cloud } from "./target-rigs.ts";

/** Texts of an example policy file that are other ones. */
type Texts = readonly (readonly [string, string])[];

/**
 * The console's operations over a real cloud called gx1, the tenants' files in a repository, as a broker has them: what managers
 * change is saved there, and what they do on the cloud is sent there. The second cloud of the policy never answers.
 */
export async function tenantsInRepository(cloud: Cloud, changes: { readonly targets: Texts; readonly tenants: Texts }) {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-managers-"));
  const endpoints = { gx1: cloud.rig.url, gx2: "http://127.0.0.1:9/v3" };
  await writeFile(join(folder, "targets.yaml"), await example("targets", changes.targets));
  await writeFile(join(folder, "broker.yaml"), brokerYaml(endpoints));
  const file = join(folder, "broker.yaml");
  const loaded = await loadBroker(file, {
    lookup: () => "k".repeat(48),
    clock: systemClock,
    open: openOrMake(systemClock),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  const repository = loaded.value.repository as Repository;
  const inUse = policyInUse(loaded.value.policy);
  const policyFiles = followPolicyFiles({ inUse, files: loaded.value });
  for (const tenant of ["customer-a", "customer-b"]) {
    await push(repository, `${tenant}/policy.yaml`, await example(tenant, changes.tenants));
    const taken = await policyFiles.take();
    if (!taken.ok) throw new Error(JSON.stringify(taken.refusal));
  }
  const made = consoleOver(inUse.policy, cloud.issuer);
  return {
    ...made,
    deps: { ...made.deps, policyFiles },
    policy: inUse.policy,
    head: () => repository.head(),
    /** All that refusing must leave as it is: the commit, the rules in use, and how many tokens went to clouds. */
    state: async () => ({
      head: await repository.head(),
      digest: inUse.current().digest,
      sent: made.noted.length,
    }),
    /** The grant of a tenant that has this id. */
    grant: (tenant: string, id: string) =>
      inUse
        .current()
        .rules.get(tenant as TenantName)
        ?.grants.find((one) => one.id === id),
    stop: async () => {
      await repository.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const brokerYaml = (endpoints: Readonly<Record<string, string>>): string =>
  `issuer: http://127.0.0.1:9
allowInsecureLoopback: true
masterKey: {env: KEY}
keys: keys.json
upstream: {issuer: "http://127.0.0.1:9/r", allowInsecureLoopback: true}
policies: [targets.yaml]
endpoints: ${JSON.stringify(endpoints)}
policyRepository: {folder: policies.git}
`;

async function example(name: string, changes: Texts): Promise<string> {
  const text = await readFile(new URL(`../../policies/${name}.yaml`, import.meta.url), "utf8");
  return changes.reduce((known, [from, to]) => {
    if (!known.includes(from)) throw new Error(`${name}.yaml does not say ${from}`);
    return known.replace(from, to);
  }, text);
}

async function push(repository: Repository, file: string, text: string): Promise<CommitId> {
  const saved = await repository.save({
    from: await repository.head(),
    author: maria,
    subject: `by hand: ${file}`,
    edit: () => ({ ok: true, value: new Map([[file, text]]) }),
  });
  if (!saved.ok) throw new Error(JSON.stringify(saved.refusal));
  return saved.value.commit;
}
