import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import { type Caller, listProjects, reachTenant, showProject } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { projectPage, projectsPage } from "./projects.ts";
import type { Visitors } from "./visitor.ts";

/** So many rows stand on a page. */
const rows = 50;

/** The tenant's projects on its clouds. */
export function projectsRoutes(deps: ConsoleDeps, { shows }: Visitors): Route[] {
  return [
    shows("/console/{tenant}/projects", (request, caller) => list(deps, request, caller)),
    shows("/console/{tenant}/projects/{cloud}/{project}", (request, caller) => show(deps, request, caller)),
  ];
}

type Shown = Promise<Result<Reply, ApiProblem>>;

const page = (html: string): Result<Reply, ApiProblem> => ok({ kind: "page", status: 200, html });

async function list(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const tenant = request.params.get("tenant") ?? "";
  const after = request.query.get("after");
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await listProjects({ tenant, after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  return page(projectsPage(request.language, { ...found.value, reached: reached.value, after, now: deps.clock.now() }));
}

/** What an address of a project names. */
const projectOf = ({ params }: Request) => ({
  tenant: params.get("tenant") ?? "",
  cloud: params.get("cloud") ?? "",
  project: params.get("project") ?? "",
});

async function show(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const at = projectOf(request);
  const reached = reachTenant(deps, caller, at.tenant);
  if (!reached.ok) return reached;
  const found = await showProject(at, deps, caller);
  if (!found.ok) return found;
  return page(projectPage(request.language, reached.value, found.value, { now: deps.clock.now(), actions: false }));
}
