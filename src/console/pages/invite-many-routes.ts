import { type ApiProblem, ok, parsePeople, type Result } from "../../core/index.ts";
import type { Reply, Request, Route, Session } from "../../http/index.ts";
import { type Caller, inviteMany, reachToManage } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { manyPage, type ReportedRow } from "./invite-many.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

const form = "console invite many";

/** Inviting many by a table that is pasted. */
export function inviteManyRoutes(deps: ConsoleDeps, { shows, does }: Pick<Visitors, "shows" | "does">): Route[] {
  const path = "/console/{tenant}/invite-many";
  const show = (request: Request, caller: Caller, session: Session) => answer(deps, request, caller, session);
  return [shows(path, show), does(path, form, show, { again: show })];
}

/** Looks at the rows, or invites those who are new; the same table again invites nobody twice. */
async function answer(
  deps: ConsoleDeps,
  request: Request,
  caller: Caller,
  session: Session,
): Promise<Result<Reply, ApiProblem>> {
  const tenant = request.params.get("tenant") ?? "";
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const pasted = request.form.get("table") ?? "";
  const shown = { reached: reached.value, pasted, token: formTokenOf(deps, session, form, tenant) };
  const page = (rows: readonly ReportedRow[], problem?: string): Result<Reply, ApiProblem> => {
    const isWrong = problem !== undefined || rows.some(({ outcome }) => outcome === "wrong");
    const html = manyPage(request.language, { ...shown, rows, problem });
    return ok({ kind: "page", status: isWrong ? 422 : 200, html });
  };
  if (request.method === "GET") return page([]);
  const people = parsePeople(pasted);
  if (!people.ok) {
    const { line, message } = people.refusal;
    return page([], `line ${line}: ${message}`);
  }
  const isTried = request.form.get("step") !== "invite";
  const done = await inviteMany({ tenant, people: people.value, tried: isTried }, deps, caller);
  if (!done.ok) return page([], done.refusal.message);
  return page(done.value.map((row, i) => ({ ...row, line: people.value[i]?.line ?? 0 })));
}
