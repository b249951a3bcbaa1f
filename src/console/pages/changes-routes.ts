import { type ApiProblem, ok } from "../../core/index.ts";
import type { Language, Request, Route, Session } from "../../http/index.ts";
import {
  type Caller,
  countNotPushed,
  listChanges,
  listLeftOut,
  listProposals,
  reachTenant,
  undoChange,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { words } from "../words/index.ts";
import { proposalTexts } from "../words/proposals.ts";
import { inWords } from "../words/sentences.ts";
import { changesPage } from "./changes.ts";
import { toOutcome } from "./outcome-routes.ts";
import { type Shown, tenantOf } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

/** The form that undoes a change. */
const undoForm = "console undo";

/** What an address may say was just done: a word of ours, and nothing else. */
const endings = ["nothing", "proposed"] as const;

/** The last changes of a tenant's policy, and their undoing. */
export function changesRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  return [
    shows("/console/{tenant}/changes", (request, caller, session) => show(deps, request, caller, session)),
    does("/console/{tenant}/changes/{commit}/undo", undoForm, (request, caller, session) =>
      undo(deps, request, caller, session),
    ),
  ];
}

async function show(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  session: Session,
  refused?: ApiProblem,
): Shown {
  const tenant = tenantOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const changes = await listChanges({ tenant }, deps, caller);
  if (!changes.ok) return changes;
  const leftOut = await listLeftOut({ tenant }, deps, caller);
  if (!leftOut.ok) return leftOut;
  const proposals = await listProposals({ tenant }, deps, caller);
  if (!proposals.ok) return proposals;
  const done = endings.find((one) => one === request.query.get("done"));
  const html = changesPage(request.language, {
    reached: reached.value,
    changes: changes.value,
    leftOut: leftOut.value,
    proposals: proposals.value,
    now: deps.clock.now(),
    done: done && doneText(request.language, done),
    problem: refused && inWords(request.language, refused),
    notPushed: await countNotPushed(deps),
    formTokenOf: (commit) => formTokenOf(deps, session, undoForm, tenant, commit),
  });
  return ok({ kind: "page", status: refused === undefined ? 200 : 409, html });
}

const doneText = (language: Language, done: (typeof endings)[number]): string =>
  done === "proposed" ? proposalTexts[language].done : words[language].changes[done];

async function undo(deps: ConsoleDeps, request: Request, caller: Caller, session: Session): Shown {
  const [tenant, commit] = [tenantOf(request), request.params.get("commit") ?? ""];
  const undone = await undoChange({ tenant, commit }, deps, caller);
  if (!undone.ok) {
    const { code } = undone.refusal;
    const reached = reachTenant(deps, caller, tenant);
    const isOfTheChange = code !== "not_found" && reached.ok && reached.value.mayManage;
    return isOfTheChange ? show(deps, request, caller, session, undone.refusal) : undone;
  }
  return ok(toOutcome(tenant, undone.value, "undone"));
}
