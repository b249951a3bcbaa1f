import { listGrants, reachableTenants, showGrant } from "../../operations/index.ts";
import { accessRequests } from "./access-requests.ts";
import { changes } from "./changes.ts";
import { endOfPerson } from "./end-of-person.ts";
import { grantChanges } from "./grant-changes.ts";
import { memberOperations } from "./members.ts";
import { type ApiOperation, answer, apiOperation, commitInUse, noQuery } from "./operation.ts";
import { outcomes } from "./outcome.ts";
import { people } from "./people.ts";
import { places } from "./places.ts";
import { projects } from "./projects.ts";
import { reviews } from "./reviews.ts";
import { rules } from "./rules.ts";
import { scimTokens } from "./scim-tokens.ts";
import { grantShape, holderShape, listQuery, ofTenant, pageShape, pathName, shapes } from "./shapes.ts";

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
  ...[tenants, ...people, grants, grant],
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
