import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import { listPlaces, listRightsAt, type RightAt } from "../../operations/index.ts";
import { answer, apiOperation } from "./operation.ts";
import { listQuery, ofTenant, pageShape, pathName, person, personShape, shownSource } from "./shapes.ts";

const kind = z
  .enum(["project", "domain", "namespace", "namespaces", "cluster"])
  .describe("`namespaces`: whichever have the label that is the name; `cluster`: the whole of it");

const place = z.object({
  target: z.string(),
  kind,
  name: z.string(),
  grants: z.int().describe("how many grants reach it"),
  people: z.int().describe("how many known people hold one of them"),
});

const rightAt = z.object({
  person,
  role: z.string(),
  set: z.string(),
  grant: z.string(),
  people: z.string(),
  conditions: z.string().describe("by which group, or by what else, in words"),
  scope: z.string().describe("where it was given: the place itself, all projects of its domain, or the whole cluster"),
  until: z.iso.datetime().optional().describe("when the grant's window ends"),
  source: z.string(),
});

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.int(), next: z.string().optional() });

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/places",
  id: "listPlaces",
  summary: "The projects and namespaces of a tenant, and how many people have a right at each",
  params: ofTenant,
  query: listQuery.extend({ search: z.string().max(256).optional().describe("part of a target, kind or name") }),
  answers: { 200: pageOf(place) },
  handle: async ({ params, query }, deps, caller) => {
    const found = await listPlaces({ ...params, ...query }, deps, caller);
    return found.ok
      ? answer(
          200,
          pageShape(found.value, (one) => ({ ...one })),
        )
      : found;
  },
});

const show = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/places/{target}/{kind}/{place}",
  id: "listRightsAt",
  summary: "Who has what at a project or a namespace, and by which group or grant",
  params: {
    ...ofTenant,
    target: pathName.describe("a cloud or a cluster"),
    kind: pathName.describe("`project`, `namespace` or another kind of the list"),
    place: pathName.describe("the name of the list"),
  },
  query: listQuery.extend({ search: z.string().max(256).optional().describe("part of a person, grant or role") }),
  answers: { 200: pageOf(rightAt).extend({ at: z.iso.datetime().describe("when this was looked up") }) },
  handle: async ({ params: { tenant, target, kind: sort, place: name }, query }, deps, caller) => {
    const found = await listRightsAt({ tenant, place: { target, kind: sort, name }, ...query }, deps, caller);
    if (!found.ok) return found;
    return answer(200, { ...pageShape(found.value, rightShape), at: isoTime(found.value.at) });
  },
});

const rightShape = ({ person: holder, source, until, ...rest }: RightAt): z.input<typeof rightAt> => ({
  ...rest,
  person: personShape(holder),
  source: shownSource(source),
  ...(until !== undefined && { until: isoTime(until) }),
});

/** Who has what where. */
export const places = [list, show];
