import { ok } from "../../core/index.ts";
import { type Html, html, type Language, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  type Caller,
  changeProject,
  type ProjectAt,
  type ReachableTenant,
  reachTenant,
  reachToManage,
  type ShownProject,
  showProject,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { words } from "../words/index.ts";
import { projectsTexts } from "../words/projects.ts";
import { inWords } from "../words/sentences.ts";
import { field, hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { giveAddress } from "./new-project.ts";
import { sentenceOf } from "./problem-summary.ts";
import { accessTable } from "./projects.ts";
import type { Shown } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

const forms = {
  describe: "console describe project",
  disable: "console disable project",
  enable: "console enable project",
};

const path = "/console/{tenant}/projects/{cloud}/{project}";

/** Describing a project; and ending or beginning all work in it, after a look at whom that means (S-46). */
export function projectChangeRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const destroys = { fresh: true };
  return [
    does(`${path}/describe`, forms.describe, (request, caller) =>
      change(deps, request, caller, { description: (request.form.get("description") ?? "").trim() }),
    ),
    shows(`${path}/disable`, (request, caller, session) => ask(deps, request, caller, { session, to: "disable" })),
    does(
      `${path}/disable`,
      forms.disable,
      (request, caller) => change(deps, request, caller, { enabled: false }),
      destroys,
    ),
    shows(`${path}/enable`, (request, caller, session) => ask(deps, request, caller, { session, to: "enable" })),
    does(
      `${path}/enable`,
      forms.enable,
      (request, caller) => change(deps, request, caller, { enabled: true }),
      destroys,
    ),
  ];
}

/** What the address of a project names. */
export const projectOf = ({ params }: Request): ProjectAt => ({
  tenant: params.get("tenant") ?? "",
  cloud: params.get("cloud") ?? "",
  project: params.get("project") ?? "",
});

const addressOfProject = ({ tenant, cloud, project }: ProjectAt): string =>
  addressOf(tenant, "projects", cloud, project);
const tokenOf = (deps: ConsoleDeps, session: Session, form: string, { tenant, cloud, project }: ProjectAt) =>
  formTokenOf(deps, session, form, tenant, cloud, project);

/** What may be done with a project, on its page. */
export function projectActions(
  deps: ConsoleDeps,
  language: Language,
  { session, at, project }: { readonly session: Session; readonly at: ProjectAt; readonly project: ShownProject },
): Html | false {
  if (!project.mayChange) return false;
  const texts = projectsTexts[language];
  const other = project.enabled ? "disable" : "enable";
  const again = new URLSearchParams({
    name: project.name,
    description: project.description,
    [`at.${at.cloud}`]: "yes",
  });
  const canSave = deps.policyFiles?.repository !== undefined;
  return html`${project.sets.map((set) => html`<p><a class="button" href="${giveAddress(at.tenant, set, [at.cloud])}">${texts.making.give(set)}</a></p>`)}
${project.sets.length === 0 && canSave && html`<p><a class="button" href="${addressOf(at.tenant, "projects", "new")}?${again.toString()}">${texts.change.makeGivable}</a></p>`}
<form method="post" action="${addressOfProject(at)}/describe">
${hidden({ form_token: tokenOf(deps, session, forms.describe, at) })}
${field("description", texts.description, project.description)}
<button class="small" type="submit">${texts.change.description}</button></form>
<p><a class="button" href="${addressOfProject(at)}/${other}">${texts.change[other]} …</a></p>`;
}

/** Shows whom it means, before it is done. */
async function ask(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  { session, to }: { readonly session: Session; readonly to: "disable" | "enable" },
): Shown {
  const at = projectOf(request);
  const reached = reachToManage(deps, caller, at.tenant);
  if (!reached.ok) return reached;
  const project = await showProject(at, deps, caller);
  if (!project.ok) return project;
  const { language } = request;
  const texts = projectsTexts[language].change;
  const name = `${project.value.name}, ${at.cloud}`;
  const title = to === "disable" ? texts.disableTitle(name) : texts.enableTitle(name);
  const body = html`${to === "disable" && html`<p>${texts.disableMeans}</p>`}
<p>${to === "disable" ? texts.losing : texts.enableMeans}</p>
${accessTable(language, reached.value, project.value)}
<form method="post" action="${addressOfProject(at)}/${to}">${hidden({ form_token: tokenOf(deps, session, forms[to], at) })}
<button class="${to === "disable" ? "deny" : ""}" type="submit">${texts[to]}</button></form>
<p><a href="${addressOfProject(at)}">${words[language].giveUp}</a></p>`;
  return ok(page(language, reached.value, title, body));
}

async function change(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  wish: Parameters<typeof changeProject>[0]["change"],
): Shown {
  const at = projectOf(request);
  const done = await changeProject({ ...at, change: wish }, deps, caller);
  if (done.ok) {
    const what = "description" in wish ? "saved" : wish.enabled ? "enabled" : "disabled";
    return ok(seeOther(`${addressOfProject(at)}?done=${what}`));
  }
  const reached = reachTenant(deps, caller, at.tenant);
  if (!reached.ok || done.refusal.code === "not_found") return done;
  const { language } = request;
  const body = html`<div class="problem" role="alert"><p>${sentenceOf(inWords(language, done.refusal))}</p></div>
<p><a href="${addressOfProject(at)}">${words[language].giveUp}</a></p>`;
  return ok({ ...page(language, reached.value, projectsTexts[language].change.refused, body), status: 422 });
}

const page = (language: Language, reached: ReachableTenant, title: string, body: Html) =>
  ({ kind: "page", status: 200, html: tenantPage(language, { title, reached, section: "projects" }, body) }) as const;
