import { type ApiProblem, err, ok, refusal } from "../../core/index.ts";
import type { Request, Route } from "../../http/index.ts";
import {
  type Caller,
  changesToWrite,
  commitIdOf,
  listRules,
  previewChange,
  reachTenant,
  reachToManage,
  saveChange,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { rulesTexts } from "../words/rules.ts";
import { eachInWords, inWords } from "../words/sentences.ts";
import { toOutcome } from "./outcome-routes.ts";
import { type RuleForm, rulePage, rulePreviewPage, rulesPage } from "./rules.ts";
import { type Shown, tenantOf, type Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form of a set or a test. */
const ruleForm = "console rule";

/** Permission sets and tests: the list, a form for each, what it would do, and the saving. */
export function rulesRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const path = "/console/{tenant}/rules/{section}";
  return [
    shows("/console/{tenant}/rules", (request, caller) => list(deps, request, caller)),
    shows(path, (request, caller, session) => begin({ deps, request, caller, session })),
    does(path, ruleForm, (request, caller, session) => step({ deps, request, caller, session })),
  ];
}

type Problems = Parameters<typeof rulePage>[1]["problems"];

async function list(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const tenant = tenantOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const rules = await listRules({ tenant }, deps, caller);
  if (!rules.ok) return rules;
  const canChange = reached.value.mayManage && deps.policyFiles?.repository !== undefined;
  const html = rulesPage(request.language, reached.value, { rules: rules.value, canChange });
  return ok({ kind: "page", status: 200, html });
}

/** Which section an address names. */
function sectionOf({ params }: Request): RuleForm["section"] | undefined {
  const section = params.get("section");
  return section === "sets" || section === "tests" ? section : undefined;
}

const nothingThere = () => err(refusal("not_found", "there is no such thing"));

/** The form, empty, or with what is written. */
async function begin(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const section = sectionOf(request);
  const reached = reachToManage(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  if (section === undefined) return nothingThere();
  const from = deps.policyFiles?.commit() ?? "";
  const name = request.query.get("name") ?? "";
  if (name === "") return showForm(visit, { section, was: "", name: "", text: "", from });
  const rules = await listRules({ tenant: tenantOf(request) }, deps, caller);
  if (!rules.ok) return rules;
  const written = rules.value.find((one) => one.section === section && one.name === name);
  return written ? showForm(visit, { section, was: name, name, text: written.text, from }) : nothingThere();
}

/** Shows what the form would do, does it, or gives it back with its values. */
async function step(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const section = sectionOf(request);
  if (section === undefined) return nothingThere();
  const said = (name: string) => request.form.get(name) ?? "";
  const form = { section, was: said("was"), name: said("name").trim(), text: said("text"), from: said("from") };
  const wish = said("step");
  const removes = wish === "remove" || wish === "do-remove";
  if (wish === "change") return showForm(visit, form);
  const missing = removes ? [] : missingIn(visit, form);
  if (missing.length > 0) return showForm(visit, form, missing);
  const from = commitIdOf(form.from);
  if (from === undefined)
    return giveBack(visit, form, refusal("conflict", "the form does not say by which state it was made"));
  const { was, name, text } = form;
  const kept = was === "" ? { isNew: true } : { was };
  const asked = {
    tenant: tenantOf(request),
    from,
    section,
    name,
    ...kept,
    ...(removes ? { value: undefined } : { text }),
  };
  const changes = await changesToWrite(asked, deps, caller);
  if (!changes.ok) return giveBack(visit, form, changes.refusal);
  const change = { tenant: asked.tenant, from, changes: changes.value };
  if (wish === "save" || wish === "do-remove") {
    const saved = await saveChange(change, deps, caller);
    return saved.ok ? ok(toOutcome(asked.tenant, saved.value, "saved")) : giveBack(visit, form, saved.refusal);
  }
  return showPreview(visit, form, { change, removes });
}

function missingIn({ request }: Visit, { name, text }: RuleForm): Problems {
  const texts = rulesTexts[request.language];
  const wrong = [...(name === "" ? [texts.nameMissing] : []), ...(text.trim() === "" ? [texts.textMissing] : [])];
  return wrong.map((message) => ({ message, english: false }));
}

async function showPreview(
  visit: Visit,
  form: RuleForm,
  { change, removes }: { readonly change: Parameters<typeof previewChange>[0]; readonly removes: boolean },
): Shown {
  const { deps, request, caller } = visit;
  const preview = await previewChange(change, deps, caller);
  if (!preview.ok) return giveBack(visit, form, preview.refusal);
  const reached = reachTenant(deps, caller, change.tenant);
  if (!reached.ok) return reached;
  const page = { reached: reached.value, form, formToken: tokenOf(visit), preview: preview.value, removes };
  return ok({ kind: "page", status: 200, html: rulePreviewPage(request.language, page) });
}

/** What was refused, with what was typed; after a conflict the form is one of the newest state. */
function giveBack(visit: Visit, form: RuleForm, refused: ApiProblem): Shown {
  const isConflict = refused.code === "conflict";
  const { language } = visit.request;
  const from = (isConflict ? visit.deps.policyFiles?.commit() : undefined) ?? form.from;
  return showForm(visit, { ...form, from }, isConflict ? [inWords(language, refused)] : eachInWords(language, refused));
}

async function showForm(visit: Visit, form: RuleForm, problems: Problems = []): Shown {
  const { deps, request, caller } = visit;
  const reached = reachToManage(deps, caller, tenantOf(request));
  if (!reached.ok) return reached;
  const page = { reached: reached.value, form, formToken: tokenOf(visit), problems };
  return ok({ kind: "page", status: problems.length > 0 ? 422 : 200, html: rulePage(request.language, page) });
}

const tokenOf = ({ deps, request, session }: Visit): string =>
  formTokenOf(deps, session, ruleForm, tenantOf(request), request.params.get("section") ?? "");
