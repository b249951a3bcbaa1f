import { z } from "zod";
import {
  err,
  Fault,
  keystoneIdentityProvider,
  ok,
  type Result,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import { type KeystoneAnswer, type KeystoneCaller, type KeystoneQuestion, makeKeystoneCaller } from "./caller.ts";
import type { KeystoneConnection } from "./connection.ts";

/** A project of a domain, as its cloud describes it. */
export interface CloudProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}

/** How much of something a project may use, by the cloud's own limits (Keystone's unified limits). */
export interface CloudLimit {
  readonly project: string;
  /** `compute`, or the service's id where the catalog does not name it. */
  readonly service: string;
  readonly resource: string;
  readonly limit: number;
}

/** Keystone's no: its own policy is the judge, and what it says is passed on as a status only. */
export interface CloudRefusal {
  readonly status: number;
}

type Answer<T> = Promise<Result<T, CloudRefusal>>;

/** A domain, entered by somebody who rules it and with that person's own token. Every call throws `Fault` when nobody answers. */
export interface OwnDomain {
  /** Keystone's id of it. */
  readonly id: string;
  /** The roles that the cloud itself says the person has on the domain. */
  readonly roles: readonly string[];
  projects(): Answer<readonly CloudProject[]>;
  /** `undefined`: there is none of this id in this domain; whose another is, is not told (S-46). */
  project(id: string): Answer<CloudProject | undefined>;
  named(name: string): Answer<CloudProject | undefined>;
  make(wanted: Pick<CloudProject, "name" | "description">): Answer<CloudProject>;
  change(id: string, change: Partial<Pick<CloudProject, "description" | "enabled">>): Answer<CloudProject>;
  /** Of each project what the cloud limits, its defaults among them; `undefined` where it limits nothing by itself. */
  limits(projects: readonly string[]): Answer<readonly CloudLimit[] | undefined>;
}

/** Which cloud, and which domain there is the tenant's. */
interface Place {
  readonly cloud: TargetName;
  readonly connection: Pick<KeystoneConnection, "authUrl" | "caPem">;
  readonly tenant: TenantName;
  readonly domain: string;
}

/**
 * Enters a tenant's domain with an access token of ours in a person's name: the federated login, and then a token for the
 * domain. No account of the broker's is used: what the cloud refuses the person, it refuses us.
 */
export async function enterDomain(place: Place, accessToken: string, deps: HttpClientDeps): Answer<OwnDomain> {
  const caller = makeKeystoneCaller(place.cloud, place.connection, deps);
  const login = await caller.present(accessToken, keystoneIdentityProvider(place.tenant), "openid");
  if (login.status !== 201 || login.token === undefined) return refused(place.cloud, login);
  const identity = { methods: ["token"], token: { id: login.token } };
  const body = { auth: { identity, scope: { domain: { name: place.domain } } } };
  const scoped = await caller.ask(undefined, { method: "POST", path: "/auth/tokens", body });
  if (scoped.status !== 201 || scoped.token === undefined) return refused(place.cloud, scoped);
  const { token } = read(place.cloud, tokenShape, scoped);
  return ok(domainOf(place.cloud, caller, scoped.token, token));
}

const tokenShape = z.object({
  token: z.object({
    domain: z.object({ id: z.string() }),
    roles: z.array(z.object({ name: z.string() })),
    catalog: z.array(z.looseObject({ id: z.string(), type: z.string().optional() })).default([]),
  }),
});
type Token = z.infer<typeof tokenShape>["token"];

const project = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  enabled: z.boolean(),
  domain_id: z.string(),
  is_domain: z.boolean().optional(),
});
type Project = z.infer<typeof project>;
const oneProject = z.object({ project });
const manyProjects = z.object({ projects: z.array(project), truncated: z.boolean().optional() });
const limit = z.object({ service_id: z.string(), resource_name: z.string() });
const defaults = z.object({ registered_limits: z.array(limit.extend({ default_limit: z.number() })) });
const exceptions = z.object({
  limits: z.array(limit.extend({ project_id: z.string().nullish(), resource_limit: z.number() })),
});

/** What an id of Keystone's is made of: nothing else gets into a path. */
const idShape = /^[A-Za-z0-9_-]{1,64}$/;

function domainOf(
  cloud: TargetName,
  caller: KeystoneCaller,
  token: string,
  { domain, roles, catalog }: Token,
): OwnDomain {
  const ask = async <T>(question: KeystoneQuestion, shape: z.ZodType<T>): Answer<T> => {
    const answer = await caller.ask(token, question);
    return answer.status < 300 ? ok(read(cloud, shape, answer)) : refused(cloud, answer);
  };
  const get = <T>(path: string, shape: z.ZodType<T>) => ask({ method: "GET", path }, shape);
  // Keystone's own filter is not relied upon: whatever comes is compared.
  const own = (found: Project) => found.domain_id === domain.id && found.is_domain !== true;
  const list = async (query: Readonly<Record<string, string>>): Answer<readonly CloudProject[]> => {
    const found = await get(`/projects?${new URLSearchParams({ domain_id: domain.id, ...query })}`, manyProjects);
    if (!found.ok) return found;
    if (found.value.truncated) throw cutList(cloud);
    return ok(found.value.projects.filter(own).map(shown));
  };
  return {
    id: domain.id,
    roles: roles.map(({ name }) => name),
    projects: () => list({}),
    named: async (name) => {
      const found = await list({ name });
      // Keystone on MySQL compares names without their case.
      return found.ok ? ok(found.value.find((one) => one.name.toLowerCase() === name.toLowerCase())) : found;
    },
    project: async (id) => {
      if (!idShape.test(id)) return ok(undefined);
      const found = await get(`/projects/${id}`, oneProject);
      // Of another domain's it says 403, of none 404: for the person both are nothing.
      if (!found.ok) return [403, 404].includes(found.refusal.status) ? ok(undefined) : found;
      return ok(own(found.value.project) ? shown(found.value.project) : undefined);
    },
    make: async (wanted) => {
      const body = { project: { ...wanted, domain_id: domain.id } };
      const made = await ask({ method: "POST", path: "/projects", body }, oneProject);
      return made.ok ? ok(shown(made.value.project)) : made;
    },
    change: async (id, change) => {
      const body = { project: change };
      const changed = await ask({ method: "PATCH", path: `/projects/${id}`, body }, oneProject);
      return changed.ok ? ok(shown(changed.value.project)) : changed;
    },
    limits: (projects) => limitsOf(get, catalog, projects),
  };
}

/** Keystone's own limits: of each project the default, or its exception. */
async function limitsOf(
  get: <T>(path: string, shape: z.ZodType<T>) => Answer<T>,
  catalog: Token["catalog"],
  projects: readonly string[],
): Answer<readonly CloudLimit[] | undefined> {
  const common = await get("/registered_limits", defaults);
  if (!common.ok) return common;
  const { registered_limits: registered } = common.value;
  if (registered.length === 0) return ok(undefined);
  const special = await get("/limits", exceptions);
  if (!special.ok) return special;
  const keyOf = (project: string | null | undefined, { service_id, resource_name }: z.infer<typeof limit>) =>
    JSON.stringify([project, service_id, resource_name]);
  const known = new Map(special.value.limits.map((one) => [keyOf(one.project_id, one), one.resource_limit]));
  const serviceOf = (id: string) => catalog.find((one) => one.id === id)?.type ?? id;
  return ok(
    projects.flatMap((project) =>
      registered.map((one) => ({
        ...{ project, service: serviceOf(one.service_id), resource: one.resource_name },
        limit: known.get(keyOf(project, one)) ?? one.default_limit,
      })),
    ),
  );
}

const shown = ({ id, name, description, enabled }: Project): CloudProject => ({
  ...{ id, name, enabled },
  description: description ?? "",
});

/** A refusal, or a fault where the server is at fault. */
function refused(
  cloud: TargetName,
  { status }: KeystoneAnswer,
): { readonly ok: false; readonly refusal: CloudRefusal } {
  if (status >= 500) throw new Fault(`keystone ${cloud}`, "act in a domain", { message: `it answers ${status}` });
  return err({ status });
}

function read<T>(cloud: TargetName, shape: z.ZodType<T>, { body }: KeystoneAnswer): T {
  const found = shape.safeParse(body);
  if (found.success) return found.data;
  const message = "the answer is not one of Keystone v3";
  throw new Fault(`keystone ${cloud}`, "act in a domain", { cause: found.error, retryable: false, message });
}

const cutList = (cloud: TargetName): Fault =>
  new Fault(`keystone ${cloud}`, "list projects", {
    retryable: false,
    message: "the list is cut; raise [resource] list_limit",
  });
