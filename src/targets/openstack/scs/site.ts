import { z } from "zod";
import { type Random, token } from "../../../core/index.ts";
import type { KeystoneClient } from "../client.ts";
import { checkPrefix } from "../names.ts";

/** One of the two domains, with something of each kind in it. Ids. */
export interface ScsDomain {
  readonly id: string;
  readonly name: string;
  /** Has the role manager on the domain. */
  readonly manager: { readonly id: string; readonly password: string };
  readonly user: string;
  readonly group: string;
  readonly project: string;
}

/** What the check works on. Everything of it carries the suffix, and goes with `removeScsSite`. */
export interface ScsSite {
  readonly suffix: string;
  readonly own: ScsDomain;
  readonly foreign: ScsDomain;
  /** Of the cloud, by name. */
  readonly roles: ReadonlyMap<string, string>;
  /** A role that no policy knows. */
  readonly strangeRole: string;
  /** Holds the strange role on the own project, and nothing else. */
  readonly stranger: { readonly id: string; readonly password: string };
  /** A group of the own domain that holds manager on it: the federated manager comes into it. */
  readonly managers: string;
}

const thing = z.object({ id: z.string(), name: z.string() });
const made = (kind: string) => z.object({ [kind]: z.object({ id: z.string() }) });

/** Makes the two domains with all that is in them, as the operator's account. */
export async function makeScsSite(keystone: KeystoneClient, suffix: string, random: Random): Promise<ScsSite> {
  const make = makerOf(keystone);
  const roles = new Map(
    (await keystone.list("list roles", "/roles", "roles", thing)).map(({ id, name }) => [name, id]),
  );
  const own = await makeDomain(keystone, nameOf(suffix, "a"), roles, random);
  const foreign = await makeDomain(keystone, nameOf(suffix, "b"), roles, random);
  const strangeRole = await make("role", { name: nameOf(suffix, "role") });
  const password = newPassword(random);
  const stranger = await make("user", { name: "stranger", domain_id: own.id, password });
  await keystone.put("give a role", `/projects/${own.project}/users/${stranger}/roles/${strangeRole}`);
  const managers = await make("group", { name: managersGroup, domain_id: own.id });
  const manager = roles.get("manager");
  if (manager !== undefined)
    await keystone.put("give a role", `/domains/${own.id}/groups/${managers}/roles/${manager}`);
  return { suffix, own, foreign, roles, strangeRole, stranger: { id: stranger, password }, managers };
}

/** Name of the group that the federated manager comes into. */
export const managersGroup = "managers";

/** Name of a thing of one run. */
export const nameOf = (suffix: string, part: string): string => `${checkPrefix}${suffix}-${part}`;

/** Unguessable, and of every kind of character that a cloud's rules for passwords may ask for. */
const newPassword = (random: Random): string => `${token(random, 24)}Aa1!`;

const makerOf =
  (keystone: KeystoneClient) =>
  async (kind: string, body: object): Promise<string> => {
    const description = "cloudpass: made by a check of scs-0302, which removes it again";
    const answer = await keystone.create(
      `create a ${kind}`,
      `/${kind}s`,
      { [kind]: { ...body, description } },
      made(kind),
    );
    return answer[kind]?.id ?? "";
  };

async function makeDomain(
  keystone: KeystoneClient,
  name: string,
  roles: ReadonlyMap<string, string>,
  random: Random,
): Promise<ScsDomain> {
  const make = makerOf(keystone);
  const id = await make("domain", { name });
  const password = newPassword(random);
  const manager = await make("user", { name: "manager", domain_id: id, password });
  const user = await make("user", { name: "user", domain_id: id });
  const group = await make("group", { name: "group", domain_id: id });
  const project = await make("project", { name: "project", domain_id: id });
  const role = roles.get("manager");
  if (role !== undefined) await keystone.put("give a role", `/domains/${id}/users/${manager}/roles/${role}`);
  return { id, name, manager: { id: manager, password }, user, group, project };
}

const named = z.object({ id: z.string(), name: z.string() });
const only = z.object({ id: z.string() });

/**
 * Removes what a run made, found by its names, so that also what was made by a call without an answer goes. Without a
 * suffix: what any run left. Answers how many were removed.
 */
export async function removeScsSite(keystone: KeystoneClient, suffix?: string): Promise<number> {
  const begin = suffix === undefined ? checkPrefix : `${checkPrefix}${suffix}-`;
  const mine = ({ name }: { name: string }) => name.startsWith(begin);
  const list = async (kind: string) => (await keystone.list(`list ${kind}`, `/${kind}`, kind, named)).filter(mine);
  const federation = async (path: string) =>
    (await keystone.list(`list ${path}`, `/OS-FEDERATION/${path}`, path, only)).filter(({ id }) =>
      id.startsWith(begin),
    );
  const providers = await federation("identity_providers");
  for (const { id } of providers)
    await keystone.remove("remove an identity provider", `/OS-FEDERATION/identity_providers/${id}`);
  const mappings = await federation("mappings");
  for (const { id } of mappings) await keystone.remove("remove a mapping", `/OS-FEDERATION/mappings/${id}`);
  const domains = await list("domains");
  for (const { id } of domains) {
    await keystone.patch("disable a domain", `/domains/${id}`, { domain: { enabled: false } });
    await keystone.remove("remove a domain", `/domains/${id}`);
  }
  const roles = await list("roles");
  for (const { id } of roles) await keystone.remove("remove a role", `/roles/${id}`);
  return providers.length + mappings.length + domains.length + roles.length;
}
