import { type ApiProblem, ok, parseLength } from "../../core/index.ts";
import { type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  askForAccess,
  type Caller,
  listOwnRequests,
  showOwnRequest,
  whatMayBeAsked,
  withdrawRequest,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { accessTexts } from "../words/access.ts";
import { inWords } from "../words/sentences.ts";
import { type AskForm, accessPage, ownRequestPage } from "./access.ts";
import { tickedIn } from "./form-fields.ts";
import type { FieldProblem } from "./problem-summary.ts";
import type { Shown, Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

const askForm = "access ask";
const withdrawForm = "access withdraw";
/** So many rows stand on a page. */
const rows = 20;

/** Pages on which anybody asks for rights, and sees what became of it: nobody needs a right to the console for them. */
export function accessRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const again = (request: Request, caller: Caller, session: Session) =>
    showForm({ deps, request, caller, session }, readAskForm(request));
  return [
    shows("/access", (request, caller, session) =>
      showForm({ deps, request, caller, session }, { set: "", at: new Set(), length: "8h", reason: "" }),
    ),
    does("/access", askForm, (request, caller, session) => ask({ deps, request, caller, session }), { again }),
    shows("/access/{request}", (request, caller, session) => show({ deps, request, caller, session })),
    does("/access/{request}/withdraw", withdrawForm, (request, caller, session) =>
      withdraw({ deps, request, caller, session }),
    ),
  ];
}

function readAskForm({ form }: Request): AskForm {
  const text = (name: string) => (form.get(name) ?? "").trim();
  return {
    set: text("set"),
    at: tickedIn(form, "at"),
    length: text("for"),
    reason: text("reason"),
  };
}

async function ask(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const form = readAskForm(request);
  const length = parseLength(form.length);
  const { missing } = accessTexts[request.language];
  const problems: FieldProblem[] = [
    ...(form.set === "" ? [{ field: "set", message: missing.set }] : []),
    ...(form.at.size === 0 ? [{ field: "at", message: missing.at }] : []),
    ...(length === undefined ? [{ field: "for", message: missing.for }] : []),
    ...(form.reason === "" ? [{ field: "reason", message: missing.reason }] : []),
  ];
  if (problems.length > 0 || length === undefined) return showForm(visit, form, problems);
  const { set, reason, at } = form;
  const made = await askForAccess({ set, reason, at: [...at], length }, deps, caller);
  if (made.ok) return ok(seeOther(`/access/${made.value.id}?done=asked`));
  return showForm(visit, form, [{ field: undefined, ...inWords(request.language, made.refusal) }]);
}

async function showForm(visit: Visit, form: AskForm, problems: readonly FieldProblem[] = []): Shown {
  const { deps, request, caller, session } = visit;
  const after = request.query.get("after");
  const askable = whatMayBeAsked(deps, caller);
  const own = await listOwnRequests({ after, limit: rows }, deps, caller);
  if (!own.ok) return own;
  const html = accessPage(request.language, {
    ...own.value,
    askable: askable.ok ? askable.value : { sets: [] },
    ...{ form, problems, after, now: deps.clock.now() },
    formToken: formTokenOf(deps, session, askForm),
  });
  return ok({ kind: "page", status: problems.length > 0 ? 422 : 200, html });
}

const idOf = ({ params }: Request): string => params.get("request") ?? "";

async function show({ deps, request, caller, session }: Visit, refused?: ApiProblem): Shown {
  const id = idOf(request);
  const found = await showOwnRequest({ request: id }, deps, caller);
  if (!found.ok) return found;
  const { done } = accessTexts[request.language];
  const said = (["asked", "withdrawn"] as const).find((one) => one === request.query.get("done"));
  const html = ownRequestPage(request.language, found.value, {
    now: deps.clock.now(),
    formToken: formTokenOf(deps, session, withdrawForm, id),
    done: said && done[said],
    problem: refused && inWords(request.language, refused),
  });
  return ok({ kind: "page", status: refused === undefined ? 200 : 409, html });
}

async function withdraw(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const done = await withdrawRequest({ request: idOf(request) }, deps, caller);
  if (done.ok) return ok(seeOther(`/access/${done.value.id}?done=withdrawn`));
  return done.refusal.code === "conflict" ? show(visit, done.refusal) : done;
}
