import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import { listGrants, listPeople, reachableTenants, showGrant, showTenantPerson } from "../../operations/index.ts";
import { accessRequests } from "./access-requests.ts";
import { changes } from "./changes.ts";
import { endOfPerson } from "./end-of-person.ts";
import { grantChanges } from "./grant-changes.ts";
import { memberOperations } from "./members.ts";
import { type ApiOperation, answer, apiOperation, commitInUse, noQuery } from "./operation.ts";
import { outcomes } from "./outcome.ts";
import { places } from "./places.ts";
import { projects } from "./projects.ts";
import { reviews } from "./reviews.ts";
import { rules } from "./rules.ts";
import { scimTokens } from "./scim-tokens.ts";
import {
  grantShape,
  holderShape,
  listQuery,
  ofTenant,
  pageShape,
  pathName,
  personShape,
  shapes,
  shownPersonShape,
} from "./shapes.ts";

const tenants = apiOperation({
  method: "GET",
  path: "/api/v1/tenants",
  id: "listTenants",
  summary: "The tenants that you may see, and whether you may change anything there",
  params: {},
  query: noQuery,
  answers: { 200: shapes.tenants },
  handle: async (_, deps, caller) => {
    const found = reachableTenants(deps, caller);
    if (!found.ok) return found;
    const items = found.value.map(({ tenant, mayManage }) => ({
      tenant: tenant.name,
      display_name: tenant.displayName,
      may_manage: mayManage,
      identity_providers: [...tenant.identityProviders],
    }));
    return answer(200, { items });
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
  answers: { 200: shapes.people },
  handle: async ({ params, query }, deps, caller) => {
    const found = await listPeople({ ...params, ...query }, deps, caller);
    if (!found.ok) return found;
    return answer(200, { ...pageShape(found.value, personShape), at: isoTime(found.value.at) });
  },
});

const person = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/people/{person}",
  id: "getPerson",
  summary: "A person: every right with the grant behind it, and what is open now",
  params: { ...ofTenant, person: pathName.describe("the person's `sub`") },
  query: noQuery,
  answers: { 200: shapes.person },
  handle: async ({ params }, deps, caller) => {
    const found = await showTenantPerson({ tenant: params.tenant, sub: params.person }, deps, caller);
    return found.ok ? answer(200, shownPersonShape(found.value)) : found;
  },
});

const grants = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/grants",
  id: "listGrants",
  summary: "The grants of a tenant: to whom, what, where, until when",
  params: ofTenant,
  query: listQuery,
  answers: { 200: shapes.grants },
  handle: async ({ params, query }, deps, caller) => {
    // Before the list is made: a change that comes meanwhile must not look as if it had been seen.
    const commit = commitInUse(deps);
    const found = await listGrants({ ...params, ...query }, deps, caller);
    if (!found.ok) return found;
    return answer(200, { ...pageShape(found.value, grantShape), ...commit }, commit);
  },
});

const grant = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/grants/{grant}",
  id: "getGrant",
  summary: "A grant, and who holds it",
  params: { ...ofTenant, grant: pathName.describe("the grant's id") },
  query: noQuery,
  answers: { 200: shapes.grant },
  handle: async ({ params }, deps, caller) => {
    const commit = commitInUse(deps);
    const found = await showGrant(params, deps, caller);
    if (!found.ok) return found;
    const holders = found.value.holders.map(holderShape);
    return answer(200, { ...grantShape(found.value.grant), people_now: holders, ...commit }, commit);
  },
});

/** Every operation of the API. */
export const apiOperations: readonly ApiOperation[] = [
  ...[tenants, people, person, grants, grant],
  endOfPerson,
  ...memberOperations,
  ...grantChanges,
  ...changes,
  ...projects,
  ...outcomes,
  ...places,
  ...rules,
  ...reviews,
  ...scimTokens,
  ...accessRequests,
];
