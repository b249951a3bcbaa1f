import { type ApiProblem, ok, parseLength, type Result } from "../../core/index.ts";
import { type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  approveRequest,
  type Caller,
  denyRequest,
  isSeenOtherwise,
  listRequests,
  previewApproval,
  type ReachableTenant,
  reachTenant,
  reachToDecide,
  showRequest,
  type TenantRequest,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { accessTexts } from "../words/access.ts";
import { eachInWords, inWords } from "../words/sentences.ts";
import { tickedIn } from "./form-fields.ts";
import { addressOf } from "./frame.ts";
import type { FieldProblem } from "./problem-summary.ts";
import { approvalPage, type DecideForm, requestPage, requestsPage } from "./requests.ts";
import type { Shown, Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The forms by which a request is decided. */
const decideForm = "console decide";
/** So many rows stand on a page. */
const rows = 50;
/** What an address may say was just done: a word of ours, and nothing else. */
const endings = ["approved", "denied"] as const;

/** What people ask for, and deciding it. */
export function requestsRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const again = (request: Request, caller: Caller, session: Session) =>
    show({ deps, request, caller, session }, { form: readDecideForm(request) });
  return [
    shows("/console/{tenant}/requests", (request, caller) => list(deps, request, caller)),
    shows("/console/{tenant}/requests/{request}", (request, caller, session) =>
      show({ deps, request, caller, session }),
    ),
    does(
      "/console/{tenant}/requests/{request}/decide",
      decideForm,
      (request, caller, session) => decide({ deps, request, caller, session }),
      { again },
    ),
  ];
}

const meantBy = ({ params }: Request) => ({
  tenant: params.get("tenant") ?? "",
  request: params.get("request") ?? "",
});

async function list(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const { tenant } = meantBy(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const [after, waiting] = [request.query.get("after"), request.query.get("waiting") === "yes"];
  const found = await listRequests({ tenant, waiting, after, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const shown = { ...found.value, reached: reached.value, waiting, after, now: deps.clock.now() };
  return ok({ kind: "page", status: 200, html: requestsPage(request.language, shown) });
}

function readDecideForm({ form }: Request): DecideForm {
  return {
    at: tickedIn(form, "at"),
    length: form.get("for") ?? "",
    reason: (form.get("reason") ?? "").trim(),
  };
}

/** What comes back to who decides: what was typed, and why it was not done. */
interface GivenBack {
  readonly form?: DecideForm;
  readonly problems?: readonly FieldProblem[];
  readonly status?: number;
}

/** A request, for somebody who may see it. */
async function open({
  deps,
  request,
  caller,
}: Visit): Promise<Result<{ readonly reached: ReachableTenant; readonly found: TenantRequest }, ApiProblem>> {
  const meant = meantBy(request);
  const reached = reachTenant(deps, caller, meant.tenant);
  if (!reached.ok) return reached;
  const found = await showRequest(meant, deps, caller);
  return found.ok ? ok({ reached: reached.value, found: found.value }) : found;
}

async function show(visit: Visit, { form, problems = [], status = 200 }: GivenBack = {}): Shown {
  const { deps, request, caller } = visit;
  const opened = await open(visit);
  if (!opened.ok) return opened;
  const { reached, found } = opened.value;
  const said = endings.find((one) => one === request.query.get("done"));
  const html = requestPage(request.language, {
    ...{ reached, request: found, problems, now: deps.clock.now() },
    // Without another wish all of it is meant.
    form: form ?? { at: new Set(found.at), length: "", reason: "" },
    formToken: tokenOf(visit),
    isOwn: found.sub === caller.person.sub,
    done: said && accessTexts[request.language].done[said === "approved" && found.proposed ? "proposed" : said],
  });
  return ok({ kind: "page", status, html });
}

const tokenOf = ({ deps, request, session }: Visit): string =>
  formTokenOf(deps, session, decideForm, ...Object.values(meantBy(request)));

async function decide(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const meant = meantBy(request);
  const reached = reachToDecide(deps, caller, meant.tenant);
  if (!reached.ok) return reached;
  const form = readDecideForm(request);
  const step = request.form.get("step");
  const { missing } = accessTexts[request.language];
  const missed = (field: string, message: string) => show(visit, { form, problems: [{ field, message }], status: 422 });
  if (step === "deny") {
    if (form.reason === "") return missed("reason", missing.denial);
    return finish(visit, form, "denied", await denyRequest({ ...meant, reason: form.reason }, deps, caller));
  }
  const length = parseLength(form.length);
  if (form.at.size === 0) return missed("at", missing.at);
  if (length === undefined) return missed("for", missing.for);
  const asked = { ...meant, at: [...form.at], length };
  if (step !== "approve") return preview(visit, form, asked);
  const done = await approveRequest({ ...asked, seen: request.form.get("seen") }, deps, caller);
  if (!done.ok && isSeenOtherwise(done.refusal)) return preview(visit, form, asked, done.refusal);
  return finish(visit, form, "approved", done);
}

/** Shows what an approval would do; once more, when that was changed since it was shown. */
async function preview(
  visit: Visit,
  form: DecideForm,
  asked: Parameters<typeof previewApproval>[0],
  why?: ApiProblem,
): Shown {
  const { deps, request, caller } = visit;
  const shown = await previewApproval(asked, deps, caller);
  if (!shown.ok) return giveBack(visit, form, shown.refusal);
  const opened = await open(visit);
  if (!opened.ok) return opened;
  const { reached, found } = opened.value;
  const problems = why === undefined ? [] : [{ field: undefined, ...inWords(request.language, why) }];
  const page = { reached, request: found, form, problems, formToken: tokenOf(visit) };
  const html = approvalPage(request.language, page, shown.value);
  return ok({ kind: "page", status: why === undefined ? 200 : 409, html });
}

/** Leads on to the request, or gives the form back. */
async function finish(
  visit: Visit,
  form: DecideForm,
  done: (typeof endings)[number],
  outcome: Result<unknown, ApiProblem>,
): Shown {
  if (!outcome.ok) return giveBack(visit, form, outcome.refusal);
  const { tenant, request } = meantBy(visit.request);
  return ok(seeOther(`${addressOf(tenant, "requests", request)}?done=${done}`));
}

async function giveBack(visit: Visit, form: DecideForm, why: ApiProblem): Shown {
  if (why.code === "not_found") return { ok: false, refusal: why };
  const { language } = visit.request;
  const all = why.code === "conflict" ? [inWords(language, why)] : eachInWords(language, why);
  const problems = all.map((one) => ({ field: undefined, ...one }));
  return show(visit, { form, problems, status: why.code === "conflict" ? 409 : 422 });
}
