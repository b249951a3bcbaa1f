import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { type Reply, type Request, type Route, seeOther } from "../../http/index.ts";
import { type Caller, type ChangeSaved, countNotPushed, outcomeOf, reachTenant } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { addressOf } from "./frame.ts";
import { outcomePage } from "./outcome.ts";
import type { Visitors } from "./visitor.ts";

/** What an address may say was just done: a word of ours, and nothing else. */
const endings = ["saved", "undone"] as const;

/** The page of one change: what became of it. */
export const outcomeRoutes = (deps: ConsoleDeps, { shows }: Visitors): Route[] => [
  shows("/console/{tenant}/changes/{commit}", (request, caller) => show(deps, request, caller)),
];

/** Leads on from a form to what became of it; where nothing had to be saved, to the list. */
export function toOutcome(
  tenant: string,
  { commit, sentences, proposed }: ChangeSaved,
  done: (typeof endings)[number],
): Reply {
  if (proposed) return seeOther(`${addressOf(tenant, "changes")}?done=proposed`);
  if (sentences.length === 0) return seeOther(`${addressOf(tenant, "changes")}?done=nothing`);
  return seeOther(`${addressOf(tenant, "changes", commit)}?done=${done}`);
}

async function show(deps: ConsoleDeps, request: Request, caller: Caller): Promise<Result<Reply, ApiProblem>> {
  const [tenant, commit] = [request.params.get("tenant") ?? "", request.params.get("commit") ?? ""];
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const found = await outcomeOf({ tenant, commit }, deps, caller);
  if (!found.ok) return found;
  const html = outcomePage(request.language, {
    ...{ reached: reached.value, change: found.value, now: deps.clock.now() },
    done: endings.find((one) => one === request.query.get("done")),
    notPushed: await countNotPushed(deps),
  });
  return ok({ kind: "page", status: 200, html });
}
