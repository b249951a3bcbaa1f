import {
  type ApiProblem,
  type CommitId,
  err,
  type Instant,
  ok,
  type Result,
  refusal,
  type TenantName,
} from "../../core/index.ts";
import { reverse } from "../../policy/index.ts";
import { commitIdOf, type Repository } from "../../repository/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import { type ChangeSaved, saveChange, textsAt } from "./change.ts";
import { collision, refusedEdits } from "./change-problems.ts";
import type { ConsoleDeps } from "./deps.ts";
import { refuse } from "./sentences.ts";

/** A change of a tenant's policy. */
export interface PastChange {
  readonly commit: CommitId;
  readonly subject: string;
  readonly author: string;
  readonly at: Instant;
}

/** So many changes back somebody may look and undo. */
const mostPast = 100;

/** The last changes of a tenant's files, the newest first. */
export async function listChanges(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly PastChange[], ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const repository = deps.policyFiles?.repository;
  return ok(repository === undefined ? [] : await pastOf(repository, reached.value.tenant.name));
}

/** The last changes of a tenant's files in its repository. */
async function pastOf(repository: Repository, tenant: string): Promise<PastChange[]> {
  const commits = await repository.history({ path: tenant, limit: mostPast });
  return Promise.all(
    commits.map(async ({ id, subject, author, at, trailers }) => {
      const isOwn = trailers["Sub"] !== undefined || (await isWithin(repository, id, tenant));
      return { commit: id, subject: isOwn ? subject : ofMany, author: author.name, at };
    }),
  );
}

/** Stands for the words of a commit that changed other tenants' files, too: they may name those (S-46). */
const ofMany = "a change of several tenants' files";

/** Whether a commit changed files of one tenant alone. Those of the console do: what was pushed by hand is looked at. */
const isWithin = async (repository: Repository, commit: CommitId, tenant: string): Promise<boolean> =>
  (await repository.changesOf(commit)).every(({ file }) => file.startsWith(`${tenant}/`));

/** One of the last changes of a tenant's files, by its commit. */
export interface ChangeAsked {
  readonly tenant: string;
  readonly commit: string;
}

/** A change that is there: with the tenant that it is of, and the repository that has it. */
export interface FoundChange {
  readonly change: PastChange;
  readonly repository: Repository;
  readonly name: TenantName;
}

/** The change that is meant, for somebody who reaches the tenant; another tenant's is not there (S-46). */
export async function changeNamed(
  { tenant, commit }: ChangeAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<FoundChange, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const repository = deps.policyFiles?.repository;
  const id = commitIdOf(commit);
  const past = repository === undefined ? [] : await pastOf(repository, name);
  const change = past.find((one) => one.commit === id);
  if (repository === undefined || change === undefined) return err(refusal("not_found", "there is no such change"));
  return ok({ change, repository, name });
}

/** How many commits are saved here and not at the remote yet; none where there is no remote. */
export const countNotPushed = async ({ policyFiles }: ConsoleDeps): Promise<number> =>
  (await policyFiles?.repository?.remote?.status())?.notPushed ?? 0;

/** Takes back what one of the last changes did, entry by entry. What somebody changed again since then is a conflict. */
export async function undoChange(
  asked: ChangeAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ChangeSaved, ApiProblem>> {
  const found = await changeNamed(asked, deps, caller);
  if (!found.ok) return found;
  const { change, repository, name } = found.value;
  const head = await repository.head();
  const parent = (await repository.commit(change.commit))?.parents[0];
  const before = parent === undefined ? new Map<string, string>() : await textsAt(repository, parent);
  const [after, now] = [await textsAt(repository, change.commit), await textsAt(repository, head)];
  const reversal = reverse(before, after, now, { tenant: name, tenants: [...deps.policy.tenants.keys()] });
  if (!reversal.ok) return err(refusedEdits(reversal.refusal));
  const { conflicts, open, left } = reversal.value;
  if (conflicts.length > 0) return err(collision(conflicts));
  // Half of a change is not undone without a word.
  if (left.length > 0) {
    return err(refuse("conflict", "undoOfOthers", { left: left.join(", ") }));
  }
  const subject = `Undo: ${change.subject}`;
  return saveChange({ tenant: name, from: head, changes: open, subject }, deps, caller);
}
