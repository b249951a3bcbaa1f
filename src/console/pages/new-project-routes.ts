import { type ApiProblem, ok } from "../../core/index.ts";
import type { Fields, Language, Route } from "../../http/index.ts";
import { listProjects, makeProject, reachToManage } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { projectsTexts } from "../words/projects.ts";
import { inWords } from "../words/sentences.ts";
import { tickedIn } from "./form-fields.ts";
import { madePage, type NewProject, newProjectPage } from "./new-project.ts";
import { type Shown, tenantOf, type Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form for a new project. */
const form = "console new project";

/** Making a project: a form, and what became of it on each cloud. */
export function newProjectRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const path = "/console/{tenant}/projects/new";
  return [
    shows(path, (request, caller, session) => show({ deps, request, caller, session }, readForm(request.query))),
    does(path, form, (request, caller, session) => make({ deps, request, caller, session })),
  ];
}

const tokenOf = ({ deps, session, request }: Visit): string => formTokenOf(deps, session, form, tenantOf(request));

function readForm(fields: Fields): NewProject {
  const text = (name: string) => (fields.get(name) ?? "").trim();
  return {
    name: text("name"),
    description: text("description"),
    at: tickedIn(fields, "at"),
    roles: tickedIn(fields, "role"),
  };
}

async function show(
  visit: Visit,
  typed: NewProject,
  problems: Parameters<typeof newProjectPage>[1]["problems"] = [],
): Shown {
  const { deps, request, caller } = visit;
  const tenant = tenantOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await listProjects({ tenant, limit: 1 }, deps, caller);
  if (!found.ok) return found;
  const { clouds, roles } = found.value;
  const page = { reached: reached.value, form: typed, formToken: tokenOf(visit), clouds, roles, problems };
  const html = newProjectPage(request.language, page);
  return ok({ kind: "page", status: problems.length > 0 ? 422 : 200, html });
}

async function make(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const typed = readForm(request.form);
  const tenant = tenantOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const made = await makeProject({ tenant, ...typed, at: [...typed.at], roles: [...typed.roles] }, deps, caller);
  if (!made.ok) return show(visit, typed, problemsOf(request.language, typed, made.refusal));
  const html = madePage(request.language, reached.value, { made: made.value, form: typed, formToken: tokenOf(visit) });
  return ok({ kind: "page", status: 200, html });
}

/** What is wrong, each with its field, in the reader's language where the page has words for it. */
function problemsOf(language: Language, { name }: NewProject, { errors = [], ...refused }: ApiProblem) {
  const texts = projectsTexts[language].making;
  if (errors.length === 0) return [{ field: undefined, ...inWords(language, refused) }];
  return errors.map(({ pointer, detail, ...more }) => {
    if (pointer === "/body/name") return { field: "name", message: name === "" ? texts.missingName : texts.badName };
    if (pointer === "/body/description") return { field: "description", message: texts.badDescription };
    if (pointer === "/body/at") return { field: undefined, message: texts.missingClouds };
    return { field: undefined, ...inWords(language, { message: detail, ...more }) };
  });
}
