import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { type TextProblem, topOf } from "../../repository/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import { withoutFolders } from "./change-problems.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Something wrong in a file of a tenant's own, for which what somebody pushed is not in use. */
export interface LeftOut extends TextProblem {
  /** Of a commit that the remote has and that was not taken; or of one that is here, and an older one is in use. */
  readonly where: "remote" | "here";
}

/** What somebody pushed of a tenant's files and is not in use, and why. Of other tenants' files nothing is told (S-46). */
export async function listLeftOut(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly LeftOut[], ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { policyFiles } = deps;
  const problem = (await policyFiles?.repository?.remote?.status())?.problem;
  const atRemote = problem?.kind === "unsound" ? problem.problems : [];
  const own = (problems: readonly TextProblem[], where: LeftOut["where"]): LeftOut[] =>
    problems
      .filter(({ file }) => topOf(file) === reached.value.tenant.name)
      .map(({ file, line, message, fix }) => ({
        ...{ file, line, message: withoutFolders(message), where },
        ...(fix !== undefined && { fix: withoutFolders(fix) }),
      }));
  const { heldBack = [], heldAt } = policyFiles?.held() ?? {};
  const isHeld = heldAt?.has(reached.value.tenant.name) ?? false;
  return ok([...own(atRemote, "remote"), ...(isHeld ? own(heldBack, "here") : [])]);
}
