import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import {
  type ListedCloud,
  type ListedProject,
  listProjects,
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
  limits: z
    .array(z.object({ service: z.string(), resource: z.string(), limit: z.int() }))
    .optional()
    .describe("by Keystone's own limits; absent: not readable here"),
});

const projectsShape = pageOf(project).extend({ clouds: z.array(cloud) });

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
    return answer(200, { ...pageShape(found.value, listedShape), clouds: found.value.clouds.map(cloudShape) });
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

/** The tenant's projects on its clouds. */
export const projects = [list, show];
