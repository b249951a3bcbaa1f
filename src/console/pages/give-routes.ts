import { type ApiProblem, type InputError, ok, refusal } from "../../core/index.ts";
import { type Language, type Route, seeOther } from "../../http/index.ts";
import {
  changesToGive,
  commitIdOf,
  previewChange,
  reachTenant,
  reachToManage,
  saveChange,
  showTenantPerson,
  whatMayBeGiven,
  writtenGrant,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { words } from "../words/index.ts";
import { eachInWords, inWords } from "../words/sentences.ts";
import { addressOf } from "./frame.ts";
import { givePage, givePreviewPage } from "./give.ts";
import { askedBy, formOf, type GiveForm, missingIn, readGiveForm } from "./give-form.ts";
import { toOutcome } from "./outcome-routes.ts";
import type { FieldProblem } from "./problem-summary.ts";
import { type Shown, tenantOf, type Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form for giving. */
const giveForm = "console give";

/** Giving: a form, what it would do, and the saving. */
export function givingRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  return [
    shows("/console/{tenant}/give", (request, caller, session) => begin({ deps, request, caller, session })),
    does("/console/{tenant}/give", giveForm, (request, caller, session) => step({ deps, request, caller, session }), {
      again: (request, caller, session) => showForm({ deps, request, caller, session }, readGiveForm(request.form)),
    }),
  ];
}

/** The form, empty, or with the values of a grant or the person that the link names. */
async function begin(visit: Visit): Shown {
  const { deps, request } = visit;
  const form = { ...readGiveForm(request.query), from: deps.policyFiles?.commit() ?? "" };
  if (form.grant === undefined) return showForm(visit, form);
  const written = await writtenIn(visit, form);
  const known = written && formOf(written);
  // What the form cannot say the same way is not changed by it.
  if (known === undefined) return ok(seeOther(addressOf(tenantOf(request), "grants", form.grant)));
  return showForm(visit, { ...form, ...known });
}

async function writtenIn({ deps, request }: Visit, { from, grant }: GiveForm) {
  const commit = commitIdOf(from);
  return commit && grant !== undefined ? writtenGrant(deps, commit, tenantOf(request), grant) : undefined;
}

/** Shows what the form would do, saves it, or gives it back. Whatever is refused comes back with its values. */
async function step(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const form = readGiveForm(request.form);
  const wish = request.form.get("step");
  if (wish === "change") return showForm(visit, form);
  const missing = missingIn(form);
  if (missing.length > 0)
    return showForm(
      visit,
      form,
      missing.map((field) => missingText(request.language, field)),
    );
  const tenant = tenantOf(request);
  const from = commitIdOf(form.from);
  if (from === undefined)
    return giveBack(visit, form, refusal("conflict", "the form does not say by which state it was made"));
  const changes = await changesToGive(askedBy(form, tenant, from), deps, caller);
  if (!changes.ok) return giveBack(visit, form, changes.refusal);
  const asked = { tenant, from, changes: changes.value };
  if (wish !== "save") return showPreview(visit, form, asked);
  const saved = await saveChange(asked, deps, caller);
  if (!saved.ok) return giveBack(visit, form, saved.refusal);
  return ok(toOutcome(tenant, saved.value, "saved"));
}

async function showPreview(visit: Visit, form: GiveForm, asked: Parameters<typeof previewChange>[0]): Shown {
  const { deps, request, caller } = visit;
  const preview = await previewChange(asked, deps, caller);
  if (!preview.ok) return giveBack(visit, form, preview.refusal);
  const reached = reachTenant(deps, caller, asked.tenant);
  if (!reached.ok) return reached;
  const page = { reached: reached.value, form, formToken: tokenOf(visit), preview: preview.value };
  return ok({ kind: "page", status: 200, html: givePreviewPage(request.language, page) });
}

/**
 * What was refused, with what was typed. After a conflict the form is one of the newest state: who has read what changed may
 * send it again.
 */
function giveBack(visit: Visit, form: GiveForm, refused: ApiProblem): Shown {
  const isConflict = refused.code === "conflict";
  const { language } = visit.request;
  const newest = isConflict ? visit.deps.policyFiles?.commit() : undefined;
  const all = isConflict ? [inWords(language, refused)] : eachInWords(language, refused);
  const problems = all.map((one): FieldProblem => ({ field: undefined, ...one }));
  return showForm(visit, { ...form, from: newest ?? form.from }, problems);
}

async function showForm(visit: Visit, form: GiveForm, problems: readonly FieldProblem[] = []): Shown {
  const { deps, request, caller } = visit;
  const tenant = tenantOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const offer = await whatMayBeGiven({ tenant }, deps, caller);
  if (!offer.ok) return offer;
  const person = form.person === "" ? undefined : await showTenantPerson({ tenant, sub: form.person }, deps, caller);
  if (person && !person.ok) return person;
  const html = givePage(request.language, {
    ...{ reached: reached.value, offer: offer.value, form, problems },
    formToken: tokenOf(visit),
    personName: person?.value.name,
  });
  return ok({ kind: "page", status: problems.length > 0 ? 422 : 200, html });
}

const tokenOf = ({ deps, request, session }: Visit): string => formTokenOf(deps, session, giveForm, tenantOf(request));

function missingText(language: Language, { pointer }: InputError): FieldProblem {
  const field = pointer.slice(1) as keyof (typeof words)[Language]["give"]["missing"];
  return { field: field === "at" ? undefined : field, message: words[language].give.missing[field] };
}
