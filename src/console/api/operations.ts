import { z } from "zod";
import { isoTime, ok } from "../../core/index.ts";
import { listGrants, listPeople, reachableTenants, showGrant, showTenantPerson } from "../../operations/index.ts";
import { type ApiOperation, apiOperation, noQuery } from "./operation.ts";
import { grantShape, listQuery, pageShape, pathName, personShape, shapes, shownPersonShape } from "./shapes.ts";

const ofTenant = { tenant: pathName.describe("the tenant's name") };

const tenants = apiOperation({
  method: "GET",
  path: "/api/v1/tenants",
  id: "listTenants",
  summary: "The tenants that you may see, and whether you may change anything there",
  params: {},
  query: noQuery,
  answer: shapes.tenants,
  handle: async (_, deps, caller) => {
    const found = reachableTenants(deps, caller);
    if (!found.ok) return found;
    const items = found.value.map(({ tenant, mayManage }) => ({
      tenant: tenant.name,
      display_name: tenant.displayName,
      may_manage: mayManage,
    }));
    return ok({ items });
  },
});

const people = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/people",
  id: "listPeople",
  summary: "The people of a tenant who logged in lately, by name",
  params: ofTenant,
  query: listQuery.extend({
    search: z.string().max(256).optional().describe("part of a name, user name, address or id"),
  }),
  answer: shapes.people,
  handle: async ({ params, query }, deps, caller) => {
    const found = await listPeople({ ...params, ...query }, deps, caller);
    return found.ok ? ok({ ...pageShape(found.value, personShape), at: isoTime(found.value.at) }) : found;
  },
});

const person = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/people/{person}",
  id: "getPerson",
  summary: "A person: every right with the grant behind it, and what is open now",
  params: { ...ofTenant, person: pathName.describe("the person's `sub`") },
  query: noQuery,
  answer: shapes.person,
  handle: async ({ params }, deps, caller) => {
    const found = await showTenantPerson({ tenant: params.tenant, sub: params.person }, deps, caller);
    return found.ok ? ok(shownPersonShape(found.value)) : found;
  },
});

const grants = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/grants",
  id: "listGrants",
  summary: "The grants of a tenant: to whom, what, where, until when",
  params: ofTenant,
  query: listQuery,
  answer: shapes.grants,
  handle: async ({ params, query }, deps, caller) => {
    const found = await listGrants({ ...params, ...query }, deps, caller);
    return found.ok ? ok(pageShape(found.value, grantShape)) : found;
  },
});

const grant = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/grants/{grant}",
  id: "getGrant",
  summary: "A grant, and who holds it",
  params: { ...ofTenant, grant: pathName.describe("the grant's id") },
  query: noQuery,
  answer: shapes.grant,
  handle: async ({ params }, deps, caller) => {
    const found = await showGrant(params, deps, caller);
    if (!found.ok) return found;
    return ok({ ...grantShape(found.value.grant), people_now: found.value.holders.map(personShape) });
  },
});

/** Every operation of the API. */
export const apiOperations: readonly ApiOperation[] = [tenants, people, person, grants, grant];
