import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  type Caller,
  listGrants,
  listPeople,
  reachableTenants,
  reachTenant,
  showGrant,
  showTenantPerson,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { accessRoutes } from "./access-routes.ts";
import { changesRoutes } from "./changes-routes.ts";
import { directoryRoutes } from "./directory-routes.ts";
import { endRoutes } from "./end-routes.ts";
import { addressOf } from "./frame.ts";
import { givingRoutes } from "./give-routes.ts";
import { grantPage, grantsPage } from "./grants.ts";
import { homePage } from "./home.ts";
import { membersRoutes } from "./members-routes.ts";
import { outcomeRoutes } from "./outcome-routes.ts";
import { peoplePage, personPage } from "./people.ts";
import { placesRoutes } from "./places-routes.ts";
import { projectsRoutes } from "./projects-routes.ts";
import { requestsRoutes } from "./requests-routes.ts";
import { reviewRoutes } from "./reviews-routes.ts";
import { rulesRoutes } from "./rules-routes.ts";
import { takeBackRoutes, takeBackToken } from "./take-back-routes.ts";
import { type Shown, tenantOf } from "./visit.ts";
import { forVisitors } from "./visitor.ts";

/** So many rows stand on a page. */
const rows = 50;

/** The pages of the console. */
export function pageRoutes(deps: ConsoleDeps): Route[] {
  const visitors = forVisitors(deps);
  return [
    visitors.comesBack(),
    visitors.shows("/console", (request, caller) => home(deps, request, caller)),
    visitors.shows("/console/{tenant}/people", (request, caller) => people(deps, request, caller)),
    visitors.shows("/console/{tenant}/people/{person}", (request, caller) => person(deps, request, caller)),
    visitors.shows("/console/{tenant}/grants", (request, caller) => grants(deps, request, caller)),
    visitors.shows("/console/{tenant}/grants/{grant}", (request, caller, session) =>
      grant(deps, request, caller, session),
    ),
    ...endRoutes(deps, visitors),
    ...givingRoutes(deps, visitors),
    ...takeBackRoutes(deps, visitors),
    ...reviewRoutes(deps, visitors),
    ...changesRoutes(deps, visitors),
    ...projectsRoutes(deps, visitors),
    ...membersRoutes(deps, visitors),
    ...outcomeRoutes(deps, visitors),
    ...accessRoutes(deps, visitors),
    ...requestsRoutes(deps, visitors),
    ...placesRoutes(deps, visitors),
    ...rulesRoutes(deps, visitors),
    ...directoryRoutes(deps, visitors),
  ];
}

const page = (html: string): Result<Reply, ApiProblem> => ok({ kind: "page", status: 200, html });

/** Who may see one tenant only is led to it. */
async function home(deps: ConsoleDeps, { language }: Request, caller: Caller): Shown {
  const found = reachableTenants(deps, caller);
  if (!found.ok) return found;
  const [first, ...others] = found.value;
  if (first !== undefined && others.length === 0) return ok(seeOther(addressOf(first.tenant.name, "people")));
  return page(homePage(language, found.value));
}

async function people(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const search = (request.query.get("search") ?? "").slice(0, 256);
  const after = request.query.get("after");
  const reached = reachTenant(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  const found = await listPeople({ tenant: tenantOf(request), search, after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const now = deps.clock.now();
  return page(peoplePage(request.language, { ...found.value, reached: reached.value, search, after, now }));
}

async function person(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const reached = reachTenant(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  const sub = request.params.get("person") ?? "";
  const found = await showTenantPerson({ tenant: tenantOf(request), sub }, deps, caller);
  const canGive = reached.value.mayManage && deps.policyFiles?.repository !== undefined;
  if (!found.ok) return found;
  const isMember = deps.members?.organizationOf(found.value.identityProvider) !== undefined;
  const context = { now: deps.clock.now(), canGive, isMember };
  return page(personPage(request.language, reached.value, found.value, context));
}

async function grants(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const reached = reachTenant(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  const after = request.query.get("after");
  const found = await listGrants({ tenant: tenantOf(request), after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const now = deps.clock.now();
  const canGive = reached.value.mayManage && deps.policyFiles?.repository !== undefined;
  return page(grantsPage(request.language, { ...found.value, reached: reached.value, after, now, canGive }));
}

async function grant(deps: ConsoleDeps, request: Request, caller: Caller, session: Session): Shown {
  const reached = reachTenant(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  const id = request.params.get("grant") ?? "";
  const found = await showGrant({ tenant: tenantOf(request), grant: id }, deps, caller);
  if (!found.ok) return found;
  const token = takeBackToken(deps, session, tenantOf(request), id);
  const context = { now: deps.clock.now(), from: deps.policyFiles?.commit(), takeBackToken: token };
  return page(grantPage(request.language, reached.value, found.value, context));
}
