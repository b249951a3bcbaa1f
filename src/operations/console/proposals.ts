import { type ApiProblem, type CommitId, type Instant, ok, type Result } from "../../core/index.ts";
import { topOf } from "../../repository/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";

/** A change of a tenant's policy that waits at the remote until somebody merges it. */
export interface OpenProposal {
  readonly commit: CommitId;
  readonly subject: string;
  readonly author: string;
  readonly at: Instant;
  /** The remote's branch that has it. */
  readonly branch: string;
  /** `unsent`: the remote has not got it yet; `open`: it waits to be merged; `gone`: its branch was removed, and it was not merged as it is. */
  readonly state: "unsent" | "open" | "gone";
}

/** What is proposed for a tenant, the newest first. What was merged is a change like any other, and not in the list. */
export async function listProposals(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly OpenProposal[], ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const repository = deps.policyFiles?.repository;
  const all = (await repository?.remote?.proposals.list()) ?? [];
  const found: OpenProposal[] = [];
  for (const { commit, branch, state } of all) {
    // Each is of one tenant: the console made it.
    const [first] = (await repository?.changesOf(commit.id)) ?? [];
    if (first === undefined || topOf(first.file) !== reached.value.tenant.name) continue;
    found.push({
      ...{ commit: commit.id, subject: commit.subject, author: commit.author.name },
      at: commit.at,
      branch,
      state,
    });
  }
  return ok(found);
}
