import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import {
  changeProject,
  type ListedCloud,
  type ListedProject,
  listNamespaces,
  listProjects,
  makeProject,
  type ShownProject,
  showProject,
} from "../../operations/index.ts";
import { answer, apiOperation, noQuery } from "./operation.ts";
import { listQuery, ofTenant, pageOf, pageShape, pathName, person, personShape } from "./shapes.ts";

const states = ["read", "no answer", "refused", "being read", "nobody looked"] as const;

const cloud = z.object({
  cloud: z.string(),
  domain: z.string().describe("the tenant's domain there"),
  manages: z
    .boolean()
    .describe("whether you manage the domain: only then something is read or changed, in your own name"),
  state: z.enum(states).describe("how the projects there are known"),
  at: z.iso.datetime().optional().describe("when they were read; absent: they are not known"),
});

const projectAt = z.object({
  cloud: z.string(),
  id: z.string().describe("the project's id on this cloud"),
  description: z.string(),
  enabled: z.boolean(),
});

const keeper = z
  .enum(["operator", "hand"])
  .describe(
    "`operator`: it stands in the operator's Targets, and the broker makes it on each cloud; `hand`: a manager made it",
  );

const project = z.object({ name: z.string(), kept_by: keeper, at: z.array(projectAt).describe("where it is") });

const shownProject = projectAt.extend({
  name: z.string(),
  kept_by: keeper,
  domain: z.string(),
  may_change: z.boolean(),
  at: z.iso.datetime().describe("when it was read"),
  access: z
    .array(z.object({ grant: z.string(), set: z.string(), role: z.string(), people: z.array(person) }))
    .describe("who has which role on it by the policy, of those who logged in lately"),
  sets: z.array(z.string()).describe("the permission sets that give a role on it and nothing else"),
  limits: z
    .array(z.object({ service: z.string(), resource: z.string(), limit: z.int() }))
    .optional()
    .describe("by Keystone's own limits; absent: not readable here"),
});

const projectsShape = pageOf(project).extend({
  clouds: z.array(cloud),
  roles: z.array(z.string()).describe("what managers may give on a project, wherever it is"),
});

/** The parameters of every path below a project. */
const ofProject = {
  ...ofTenant,
  cloud: pathName.describe("the cloud's name"),
  project: pathName.describe("the project's id on that cloud"),
};

const cloudShape = ({ cloud: name, at, ...rest }: ListedCloud): z.input<typeof cloud> => ({
  cloud: name,
  ...rest,
  ...(at !== undefined && { at: isoTime(at) }),
});

const listedShape = ({ name, keptBy, at }: ListedProject): z.input<typeof project> => ({
  ...{ name, kept_by: keptBy },
  at: at.map(({ cloud: where, id, description, enabled }) => ({ cloud: where, id, description, enabled })),
});

const shownShape = (found: ShownProject): z.input<typeof shownProject> => ({
  ...{ name: found.name, cloud: found.cloud, id: found.id, domain: found.domain, kept_by: found.keptBy },
  ...{ description: found.description, enabled: found.enabled, may_change: found.mayChange, at: isoTime(found.at) },
  sets: [...found.sets],
  access: found.access.map(({ people, ...by }) => ({ ...by, people: people.map(personShape) })),
  ...(found.limits && {
    limits: found.limits.map(({ service, resource, limit }) => ({ service, resource, limit })),
  }),
});

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/projects",
  id: "listProjects",
  summary: "The projects of the tenant's domain on each cloud, and how each cloud is known",
  description:
    "What clouds say is kept for half a minute, and is renewed beside whoever asks; `at` tells how old it is. A cloud that " +
    "does not answer keeps nothing back.",
  params: ofTenant,
  query: listQuery,
  answers: { 200: projectsShape },
  handle: async ({ params, query }, deps, caller) => {
    const found = await listProjects({ ...params, ...query }, deps, caller);
    if (!found.ok) return found;
    return answer(200, {
      ...pageShape(found.value, listedShape),
      clouds: found.value.clouds.map(cloudShape),
      roles: [...found.value.roles],
    });
  },
});

const show = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/projects/{cloud}/{project}",
  id: "getProject",
  summary: "A project on one cloud: who has which role there by the policy, and what it may use",
  params: ofProject,
  query: noQuery,
  answers: { 200: shownProject },
  handle: async ({ params }, deps, caller) => {
    const found = await showProject(params, deps, caller);
    return found.ok ? answer(200, shownShape(found.value)) : found;
  },
});

const wanted = z.strictObject({
  name: z.string().min(1).max(256),
  description: z.string().max(1024).default(""),
  at: z.array(z.string().min(1).max(512)).min(1).max(64).describe("clouds"),
  roles: z
    .array(z.string().min(1).max(64))
    .max(16)
    .default([])
    .describe(
      "what may be given on it from now on, of `roles` of the list: each gets a permission set in the tenant's policy",
    ),
});

const made = z
  .object({
    name: z.string(),
    at: z.array(
      z.object({
        cloud: z.string(),
        outcome: z
          .enum(["there", "taken", "refused", "no answer"])
          .describe(
            "`there`: it is there and says just this; `taken`: there is one of that name that says something else; `no answer`: it is not known whether it was made, call again",
          ),
        project: z.string().optional().describe("its id, where it is there"),
        message: z.string().optional().describe("why not"),
      }),
    ),
  })
  .extend({
    sets: z
      .array(z.string())
      .describe("the permission sets by which it can be given; where nothing can be saved, none"),
    not_givable: z.string().optional().describe("why these are not in the policy yet: call again"),
  })
  .describe("what became of it on each cloud");

const make = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/projects",
  id: "makeProject",
  summary: "Makes a project on one or several clouds",
  description:
    "With your own rights there: the cloud's policy is asked, too. A cloud that is away keeps no other one from having it. The " +
    "same call again makes no second project.",
  params: ofTenant,
  query: noQuery,
  body: wanted,
  answers: { 200: made },
  handle: async ({ params, body }, deps, caller) => {
    const done = await makeProject({ ...params, ...body }, deps, caller);
    if (!done.ok) return done;
    const { name, at, sets, notGivable } = done.value;
    const said = { name, at: at.map((one) => ({ ...one })), sets: [...sets] };
    return answer(200, { ...said, ...(notGivable !== undefined && { not_givable: notGivable }) });
  },
});

const changed = projectAt.extend({ name: z.string() }).describe("the project as it is now");

const describe = apiOperation({
  method: "PUT",
  path: "/api/v1/tenants/{tenant}/projects/{cloud}/{project}/description",
  id: "describeProject",
  summary: "Describes a project otherwise",
  params: ofProject,
  query: noQuery,
  body: z.strictObject({ description: z.string().max(1024) }),
  answers: { 200: changed },
  handle: async ({ params, body }, deps, caller) => {
    const done = await changeProject({ ...params, change: body }, deps, caller);
    return done.ok ? answer(200, done.value) : done;
  },
});

const disable = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/projects/{cloud}/{project}/disable",
  id: "disableProject",
  summary: "Ends all work in a project: nobody gets a token for it any more",
  description:
    "What runs there runs on. `getProject` says who has access by the policy. The same call again changes nothing.",
  params: ofProject,
  query: noQuery,
  fresh: true,
  answers: { 200: changed },
  handle: async ({ params }, deps, caller) => {
    const done = await changeProject({ ...params, change: { enabled: false } }, deps, caller);
    return done.ok ? answer(200, done.value) : done;
  },
});

const enable = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/projects/{cloud}/{project}/enable",
  id: "enableProject",
  summary: "Lets people work in a project again",
  params: ofProject,
  query: noQuery,
  fresh: true,
  answers: { 200: changed },
  handle: async ({ params }, deps, caller) => {
    const done = await changeProject({ ...params, change: { enabled: true } }, deps, caller);
    return done.ok ? answer(200, done.value) : done;
  },
});

const namespaces = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/namespaces",
  id: "listNamespaces",
  summary: "The tenant's namespaces on each cluster, and how each cluster is known",
  description:
    "They are read by the account that the operator gave the broker on the cluster, and none is made here: whoever may on " +
    "the cluster makes them, and where they go by a label gives them that.",
  params: ofTenant,
  query: noQuery,
  answers: {
    200: z.object({
      items: z.array(
        z.object({
          cluster: z.string(),
          label: z
            .string()
            .optional()
            .describe("by which they are the tenant's; absent: the policy gives them by name"),
          state: z.enum(states).describe("`nobody looked`: the broker has no account there"),
          at: z.iso.datetime().optional(),
          namespaces: z.array(z.object({ name: z.string(), state: z.enum(["there", "being deleted", "not there"]) })),
        }),
      ),
    }),
  },
  handle: async ({ params }, deps, caller) => {
    const found = await listNamespaces(params, deps, caller);
    if (!found.ok) return found;
    const items = found.value.map(({ at, namespaces: all, ...rest }) => ({
      ...{ ...rest, namespaces: all.map((one) => ({ ...one })) },
      ...(at !== undefined && { at: isoTime(at) }),
    }));
    return answer(200, { items });
  },
});

/** The tenant's projects on its clouds, and its namespaces on clusters. */
export const projects = [list, show, make, describe, disable, enable, namespaces];
