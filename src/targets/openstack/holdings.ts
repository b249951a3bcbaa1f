import { z } from "zod";
import type { TargetName } from "../../core/index.ts";
import { keystoneIdentityProvider } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import type { Tenant } from "../../policy/index.ts";
import type { Holding } from "../../reconcile/index.ts";
import { type KeystoneClient, makeKeystone } from "./client.ts";
import type { KeystoneConnection } from "./connection.ts";

const user = z.object({ id: z.string(), name: z.string(), domain_id: z.string(), enabled: z.boolean().optional() });
const applicationCredential = z.object({ id: z.string(), name: z.string(), project_id: z.string() });
const credential = z.object({ id: z.string(), type: z.string(), project_id: z.string().nullish() });
const trust = z.object({ id: z.string(), project_id: z.string().nullish() });
const named = z.object({ id: z.string(), name: z.string(), enabled: z.boolean().optional() });
const identityProvider = z.object({ id: z.string(), enabled: z.boolean() });

type User = z.infer<typeof user>;

interface Cloud {
  readonly name: TargetName;
  readonly where: string;
  readonly keystone: KeystoneClient;
}

/** What a person holds on a cloud: its shadow users with all that keeps working without a login. Writes nothing. */
export async function cloudHoldingsOfPerson(
  name: TargetName,
  connection: KeystoneConnection,
  sub: string,
  deps: HttpClientDeps,
): Promise<Holding[]> {
  const cloud = makeCloud(name, connection, deps);
  // Keystone knows a federated person by what its mapping made the unique id: the broker's subject.
  const query = new URLSearchParams({ protocol_id: "openid", unique_id: sub });
  const users = await cloud.keystone.list("list a person's users", `/users?${query}`, "users", user);
  return holdingsOfUsers(cloud, users);
}

/**
 * What a tenant holds on a cloud: its domain, its identity provider, and each of its federated people. A disabled domain
 * ends every token for it and for its projects, and everybody's who lives in it; nothing in it is deleted.
 */
export async function cloudHoldingsOfTenant(
  name: TargetName,
  connection: KeystoneConnection,
  tenant: Tenant,
  deps: HttpClientDeps,
): Promise<Holding[]> {
  const cloud = makeCloud(name, connection, deps);
  const { keystone } = cloud;
  const idp = keystoneIdentityProvider(tenant.name);
  const domainName = tenant.domains.get(name) ?? "";
  const [domains, identityProviders, users] = await Promise.all([
    keystone.list("find the domain", `/domains?${new URLSearchParams({ name: domainName })}`, "domains", named),
    keystone.list(
      "list identity providers",
      "/OS-FEDERATION/identity_providers",
      "identity_providers",
      identityProvider,
    ),
    keystone.list("list the tenant's users", `/users?${new URLSearchParams({ idp_id: idp })}`, "users", user),
  ]);
  const own = identityProviders.filter((p) => p.id === idp);
  return [
    ...domains.map((d) => switchedOff(cloud, "domain", `/domains/${d.id}`, `domain ${d.name}`, d.enabled !== false)),
    ...own.map((p) =>
      switchedOff(
        cloud,
        "identity_provider",
        `/OS-FEDERATION/identity_providers/${p.id}`,
        `identity provider ${p.id}`,
        p.enabled,
      ),
    ),
    ...(await holdingsOfUsers(cloud, users)),
  ];
}

const makeCloud = (name: TargetName, connection: KeystoneConnection, deps: HttpClientDeps): Cloud => ({
  name,
  where: `cloud ${name}`,
  keystone: makeKeystone(name, connection, deps),
});

/** Users first: a disabled user ends its tokens and credentials within a second or two; then the credentials go for good. */
async function holdingsOfUsers(cloud: Cloud, users: readonly User[]): Promise<Holding[]> {
  const projects = new Map<string, string>();
  const formatProject = async (id: string | null | undefined): Promise<string> => {
    if (id == null) return "";
    if (!projects.has(id)) projects.set(id, await projectName(cloud, id));
    return ` on project ${projects.get(id)}`;
  };
  const off = users.map((u) =>
    switchedOff(cloud, "user", `/users/${u.id}`, `user ${u.name}, ${u.id}`, u.enabled !== false),
  );
  const rest: Holding[] = [];
  for (const u of users) {
    const { keystone } = cloud;
    const path = `/users/${u.id}/application_credentials`;
    const list = "application_credentials";
    for (const a of await keystone.list("list application credentials", path, list, applicationCredential))
      rest.push(deleted(cloud, path, a.id, `application credential ${a.name}${await formatProject(a.project_id)}`));
    for (const c of await keystone.list("list credentials", `/credentials?user_id=${u.id}`, "credentials", credential))
      rest.push(deleted(cloud, "/credentials", c.id, `${c.type} credential${await formatProject(c.project_id)}`));
    const trusts = await keystone.list("list trusts", `/OS-TRUST/trusts?trustor_user_id=${u.id}`, "trusts", trust);
    for (const t of trusts)
      rest.push(deleted(cloud, "/OS-TRUST/trusts", t.id, `trust${await formatProject(t.project_id)}`));
  }
  return [...off, ...rest];
}

async function projectName({ keystone }: Cloud, id: string): Promise<string> {
  const found = await keystone.get("read a project", `/projects/${id}`, z.object({ project: named }));
  return found === undefined ? id : found.project.name;
}

function switchedOff({ keystone, where }: Cloud, kind: string, path: string, what: string, on: boolean): Holding {
  const state = z.object({ [kind]: z.object({ enabled: z.boolean().optional() }) });
  return {
    where,
    what,
    becomes: "disabled",
    ended: !on,
    end: () => keystone.patch(`disable ${what}`, path, { [kind]: { enabled: false } }),
    verify: async () => {
      const found = await keystone.get(`read ${what}`, path, state);
      return found === undefined || found[kind]?.enabled === false;
    },
  };
}

function deleted({ keystone, where }: Cloud, path: string, id: string, what: string): Holding {
  return {
    where,
    what,
    becomes: "deleted",
    ended: false,
    end: () => keystone.remove(`delete ${what}`, `${path}/${id}`),
    verify: async () => (await keystone.get(`look for ${what}`, `${path}/${id}`, z.looseObject({}))) === undefined,
  };
}
