import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { acquireKeycloak } from "../keycloak/distribution.ts";
import { acquireKeystone } from "../keystone/template.ts";
import { acquireKubelogin, acquireKubernetes } from "../kubernetes/binaries.ts";
import { openstackClient } from "../openstack/openstack-client.ts";
import { pythonClients } from "../python-clients/python-clients.ts";
import { chromium } from "../support/chromium.ts";
import { cacheFolder } from "../support/folders.ts";
import { say, since } from "../support/say.ts";
import { ensureSystemPackages } from "../support/system-packages.ts";
import { xoauth2 } from "../xoauth2/xoauth2.ts";
import type { RigName } from "./arguments.ts";

const BUILDERS: Readonly<Record<RigName, () => Promise<unknown>>> = {
  keycloak: acquireKeycloak,
  keystone: async () => {
    await ensureSystemPackages(["apache", "mod-auth-openidc"]);
    return acquireKeystone();
  },
  kubernetes: async () => ({ kubelogin: await acquireKubelogin(), ...(await acquireKubernetes()) }),
  redis: () => ensureSystemPackages(["redis"]),
  openstack: openstackClient,
  clients: async () => ({ xoauth2: await xoauth2(), ...(await pythonClients()) }),
};

/** Names in the cache, where they are not the rig's own. */
const ARTIFACTS: Partial<Record<RigName, readonly string[]>> = {
  kubernetes: ["kubernetes", "kubelogin"],
  clients: ["xoauth2", "python-clients"],
};

/** Fetches and builds what the rigs need; for all of them, the browser and every system package, too. */
export async function build(rigs: readonly RigName[], all: boolean, fresh: boolean): Promise<void> {
  const started = Date.now();
  if (all) {
    await ensureSystemPackages();
    await chromium();
  }
  for (const rig of rigs) {
    if (fresh) forget(rig);
    const one = Date.now();
    const made = await BUILDERS[rig]();
    console.log(`${rig}: ready (${since(one)})`);
    for (const [name, value] of Object.entries(made ?? {})) console.log(`  ${name}: ${value}`);
  }
  if (rigs.length > 1) say(`all built in ${since(started)}`);
}

function forget(rig: RigName): void {
  for (const name of readdirSync(cacheFolder())) {
    const own = new RegExp(`^(${(ARTIFACTS[rig] ?? [rig]).join("|")})-[0-9a-f]{12}$`);
    if (own.test(name)) rmSync(join(cacheFolder(), name), { recursive: true });
  }
}
