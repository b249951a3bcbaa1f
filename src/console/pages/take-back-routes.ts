import { type ApiProblem, err, ok, type Result, refusal } from "../../core/index.ts";

import { html, type Language, type Reply, type Request, type Route, type Session } from "../../http/index.ts";
import {
  type Caller,
  changesToTakeBack,
  commitIdOf,
  previewChange,
  type ReachableTenant,
  reachTenant,
  saveChange,
} from "../../operations/index.ts";

import type { ConsoleDeps } from "../deps.ts";
import { words } from "../words/index.ts";
import { eachInWords, inWords } from "../words/sentences.ts";
import { hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { toOutcome } from "./outcome-routes.ts";
import { previewParts } from "./preview.ts";
import { problemList } from "./problem-summary.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form that takes a grant back. */
const form = "console take back";

/** The token of the form on a grant's page. */
export const takeBackToken = (deps: ConsoleDeps, session: Session, tenant: string, grant: string): string =>
  formTokenOf(deps, session, form, tenant, grant);

/** Taking a grant back: first what it would do, then the doing (S-46). */
export function takeBackRoutes(deps: ConsoleDeps, { does }: Visitors): Route[] {
  return [
    does(
      "/console/{tenant}/grants/{grant}/take-back",
      form,
      (request, caller, session) => takeBack(deps, request, caller, session),
      { again: (request, caller, session) => takeBack(deps, unconfirmed(request), caller, session) },
    ),
  ];
}

/** The same question once more: what was confirmed before a sign-in came between is confirmed again. */
const unconfirmed = (request: Request): Request => ({
  ...request,
  form: new Map([...request.form].filter(([name]) => name !== "step")),
});

/** Whether the change is what is refused: whoever asks may manage the tenant, so a "forbidden" is of what would come of it. */
const isOfTheChange = ({ code }: ApiProblem): boolean => ["conflict", "invalid_input", "forbidden"].includes(code);

/** Why a grant cannot be taken back: what somebody else changed, or what the tests in the policy say. */
function refusedPage(language: Language, reached: ReachableTenant, grant: string, why: ApiProblem): Reply {
  const texts = words[language];
  const problems = why.code === "invalid_input" ? eachInWords(language, why) : [inWords(language, why)];
  const place = { title: texts.give.notTakenBack(grant), reached, section: "grants" } as const;
  const body = html`${problemList(problems)}
<p><a href="${addressOf(reached.tenant.name, "grants", grant)}">${texts.giveUp}</a></p>`;
  return { kind: "page", status: why.code === "conflict" ? 409 : 422, html: tenantPage(language, place, body) };
}

async function takeBack(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  session: Session,
): Promise<Result<Reply, ApiProblem>> {
  const { language, params } = request;
  const [tenant, name] = [params.get("tenant") ?? "", params.get("grant") ?? ""];
  const from = commitIdOf(request.form.get("from") ?? "");
  if (from === undefined) return err(refusal("conflict", "the form does not say by which state it was made"));
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const changes = await changesToTakeBack({ tenant, from, grant: name }, deps, caller);
  if (!changes.ok) return changes;
  const asked = { tenant, from, changes: changes.value };
  const isMeant = request.form.get("step") === "save";
  const done = isMeant ? await saveChange(asked, deps, caller) : await previewChange(asked, deps, caller);
  if (!done.ok)
    return isOfTheChange(done.refusal) ? ok(refusedPage(language, reached.value, name, done.refusal)) : done;
  if ("commit" in done.value) return ok(toOutcome(tenant, done.value, "saved"));
  const { give } = words[language];
  const body = html`${previewParts(language, reached.value, done.value)}
<form method="post" action="${addressOf(tenant, "grants", name, "take-back")}">
${hidden({ form_token: takeBackToken(deps, session, tenant, name), from, step: "save" })}
<button class="deny" type="submit">${words[language].takeBack}</button>
</form>
<p><a href="${addressOf(tenant, "grants", name)}">${words[language].giveUp}</a></p>`;
  const place = { title: give.takingBack(name), reached: reached.value, section: "grants" } as const;
  return ok({ kind: "page", status: 200, html: tenantPage(language, place, body) });
}
