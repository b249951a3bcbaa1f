import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import type { Reply, Request, Route, Session } from "../../http/index.ts";
import { type Caller, listNamespaces, listProjects, reachTenant, showProject } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { projectsTexts } from "../words/projects.ts";
import { newProjectRoutes } from "./new-project-routes.ts";
import { projectActions, projectChangeRoutes, projectOf } from "./project-change-routes.ts";
import { projectPage, projectsPage } from "./projects.ts";
import { type Shown, tenantOf } from "./visit.ts";
import type { Visitors } from "./visitor.ts";

/** So many rows stand on a page. */
const rows = 50;

/** The tenant's projects on its clouds. */
export function projectsRoutes(deps: ConsoleDeps, visitors: Visitors): Route[] {
  const { shows } = visitors;
  return [
    shows("/console/{tenant}/projects", (request, caller) => list(deps, request, caller)),
    shows("/console/{tenant}/projects/{cloud}/{project}", (request, caller, session) =>
      show(deps, request, caller, session),
    ),
    ...newProjectRoutes(deps, visitors),
    ...projectChangeRoutes(deps, visitors),
  ];
}

const page = (html: string): Result<Reply, ApiProblem> => ok({ kind: "page", status: 200, html });

async function list(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const tenant = tenantOf(request);
  const after = request.query.get("after");
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await listProjects({ tenant, after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const clusters = await listNamespaces({ tenant }, deps, caller);
  if (!clusters.ok) return clusters;
  return page(
    projectsPage(request.language, {
      ...found.value,
      clusters: clusters.value,
      reached: reached.value,
      after,
      now: deps.clock.now(),
    }),
  );
}

async function show(deps: ConsoleDeps, request: Request, caller: Caller, session: Session): Shown {
  const at = projectOf(request);
  const reached = reachTenant(deps, caller, at.tenant);
  if (!reached.ok) return reached;
  const found = await showProject(at, deps, caller);
  if (!found.ok) return found;
  const { language, query } = request;
  const actions = projectActions(deps, language, { session, at, project: found.value });
  const texts = projectsTexts[language].change;
  const done = (["saved", "disabled", "enabled"] as const).find((one) => one === query.get("done"));
  const said = done && texts[done];
  return page(projectPage(language, reached.value, found.value, { now: deps.clock.now(), actions, done: said }));
}
