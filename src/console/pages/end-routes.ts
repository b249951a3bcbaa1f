import { ok } from "../../core/index.ts";
import { html, type Language, type Request, type Route, type Session } from "../../http/index.ts";
import {
  type Caller,
  endPerson,
  type PersonEnded,
  type ReachableTenant,
  reachTenant,
  reachToManage,
  type ShownPerson,
  showTenantPerson,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { words } from "../words/index.ts";
import type { ShowPage } from "./come-back.ts";
import { hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import type { Shown } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form that ends all of a person. */
const form = "console end person";

/** Ending a person's logins and sessions: first what there is, then the ending (S-46). */
export function endRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const path = "/console/{tenant}/people/{person}/end";
  const asked: ShowPage = (request, caller, session) => ask(deps, request, caller, session);
  return [
    shows(path, asked),
    does(path, form, (request, caller) => end(deps, request, caller), { fresh: true, again: asked }),
  ];
}

const thingsOf = ({ params }: Request) => ({ tenant: params.get("tenant") ?? "", sub: params.get("person") ?? "" });

async function ask(deps: ConsoleDeps, request: Request, caller: Caller, session: Session): Shown {
  const { tenant, sub } = thingsOf(request);
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const person = await showTenantPerson({ tenant, sub }, deps, caller);
  if (!person.ok) return person;
  const token = formTokenOf(deps, session, form, tenant, sub);
  return ok({ kind: "page", status: 200, html: askPage(request.language, reached.value, person.value, token) });
}

function askPage(language: Language, reached: ReachableTenant, person: ShownPerson, formToken: string): string {
  const texts = words[language].end;
  const address = addressOf(reached.tenant.name, "people", person.sub);
  return tenantPage(
    language,
    { title: texts.title(person.name), reached, section: "people" },
    html`<ul><li>${texts.logins(person.logins.length)}</li><li>${words[language].browsers(person.browsers)}</li></ul>
<p>${texts.means}</p>
<form method="post" action="${address}/end">${hidden({ form_token: formToken })}
<button class="deny" type="submit">${texts.doIt}</button></form>
<p><a href="${address}">${words[language].giveUp}</a></p>`,
  );
}

async function end(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const { tenant, sub } = thingsOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const ended = await endPerson({ tenant, sub }, deps, caller);
  return ended.ok
    ? ok({ kind: "page", status: 200, html: endedPage(request.language, reached.value, ended.value) })
    : ended;
}

function endedPage(language: Language, reached: ReachableTenant, ended: PersonEnded): string {
  const texts = words[language].end;
  const minutes = Math.ceil(ended.refusedFor / 60);
  return tenantPage(
    language,
    { title: texts.ended, reached, section: "people" },
    html`<ul><li>${texts.logins(ended.logins)}</li><li>${words[language].browsers(ended.browsers)}</li></ul>
${ended.realm === "no answer" && html`<p class="problem">${texts.realmSilent}</p>`}
<p>${texts.comesBack(minutes)}</p>
<p><a href="${addressOf(reached.tenant.name, "people")}">${words[language].people}</a></p>`,
  );
}
