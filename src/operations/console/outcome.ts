import {
  type ApiProblem,
  consoleTarget,
  type Instant,
  ok,
  type Result,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import { readEntries, reverse } from "../../policy/index.ts";
import type { Repository } from "../../repository/index.ts";
import { wantedOn } from "../../targets/index.ts";
import { type FailedBy, targetState, type WaitsFor } from "../targets/state.ts";
import type { Caller } from "./caller.ts";
import { textsAt } from "./change.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type ChangeAsked, changeNamed, type FoundChange, type PastChange } from "./history.ts";

/** What became of a change on one target. */
export interface TargetOutcome {
  readonly target: TargetName;
  /**
   * `done`; `waiting`: it is about to be; `away`: the target could not be brought in step, and it is tried again; `person`: it waits
   * for a person of the operator's; `by-hand`: no broker keeps the target in step, the operator does.
   */
  readonly state: "done" | "waiting" | "away" | "person" | "by-hand";
  /** Of `away` and `person`: why. */
  readonly reason?: FailedBy | WaitsFor | "lacks";
  /** When it was last looked at. */
  readonly at?: Instant;
}

/** A change, and what became of it. */
export interface ChangeOutcome extends PastChange {
  /** Whether what it says counts here: for tokens at once, for targets as soon as they are brought in step. */
  readonly inUse: boolean;
  /** The targets that it concerns; none where it changes nothing that a target knows. */
  readonly targets: readonly TargetOutcome[];
}

/** What became of one of the last changes of a tenant's policy, on each target that it concerns. */
export async function outcomeOf(
  asked: ChangeAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ChangeOutcome, ApiProblem>> {
  const found = await changeNamed(asked, deps, caller);
  if (!found.ok) return found;
  const { change, repository, name } = found.value;
  // A tenant whose newer files do not hold is as it was at an older commit.
  const now = deps.policyFiles?.held().heldAt.get(name) ?? deps.policyFiles?.commit();
  const inUse = now !== undefined && (await repository.includes(change.commit, now));
  const concerned = [...(await concernedBy(change, repository, name, deps))].sort();
  const targets = await Promise.all(
    concerned.map((target) => (inUse ? outcomeOn(target, found.value, deps) : notYet(target))),
  );
  return ok({ ...change, inUse, targets });
}

const notYet = (target: TargetName): TargetOutcome => ({ target, state: "waiting" });

async function outcomeOn(target: TargetName, of: FoundChange, deps: ConsoleDeps): Promise<TargetOutcome> {
  if (target === consoleTarget) return { target, state: "done" };
  const known = await targetState(deps.store, target);
  if (known === undefined) return { target, state: deps.keptTargets?.has(target) ? "waiting" : "by-hand" };
  const { state, reason, at, looked, done = {}, doneAt, doneCommit } = known;
  const wanted = wantedOn(deps.policy, target, deps.clock.now()).ofTenant.get(of.name);
  // What came later and is not there yet says nothing of what was there before it.
  const wasDone = doneCommit !== undefined && (await of.repository.includes(of.change.commit, doneCommit));
  if (doneAt !== undefined && (wasDone || done[of.name] === wanted)) return { target, state: "done", at: doneAt };
  if (state === "failed") return { target, state: "away", reason: reason ?? "away", at };
  if (looked[of.name] !== wanted || state === "in-step") return { target, state: "waiting", at };
  return { target, state: "person", reason: state === "lacks" ? "lacks" : (reason ?? "report"), at };
}

/** The targets at which a change gives or takes anything: those of the grants that it changed, and of grants of what it changed. */
async function concernedBy(
  { commit }: PastChange,
  repository: Repository,
  name: TenantName,
  { policy }: ConsoleDeps,
): Promise<ReadonlySet<TargetName>> {
  const known = (target: string): target is TargetName => policy.targets.has(target as TargetName);
  const parent = (await repository.commit(commit))?.parents[0];
  const before = parent === undefined ? new Map<string, string>() : await textsAt(repository, parent);
  const after = await textsAt(repository, commit);
  const changed = reverse(before, after, after, { tenant: name, tenants: [...policy.tenants.keys()] });
  const ofNow = policy.rules.get(name)?.grants ?? [];
  // What cannot be read may have been about anything.
  if (!changed.ok) return new Set(ofNow.flatMap(({ at }) => at));
  const grants: WrittenGrant[] = [
    ...[before, after].flatMap((texts) => grantsIn(texts, name)),
    ...ofNow.map(({ id, set, people, at }) => ({ id, give: set.name, to: people.name, at })),
  ];
  const isConcerned = ({ id, give, to }: WrittenGrant) =>
    changed.value.open.some(
      ({ section, name: entry }) =>
        (section === "grants" && entry === id) ||
        (section === "sets" && entry === give) ||
        (section === "people" && entry === to),
    );
  return new Set(grants.filter(isConcerned).flatMap(({ at }) => at.filter(known)));
}

interface WrittenGrant {
  readonly id: string;
  readonly give: unknown;
  readonly to: unknown;
  readonly at: readonly string[];
}

/** The grants of a tenant as its files say them. */
const grantsIn = (texts: ReadonlyMap<string, string>, tenant: TenantName): WrittenGrant[] =>
  [...texts].flatMap(([file, text]) => {
    const read = readEntries(text, file);
    const grants = (read.ok ? read.value : []).filter((e) => e.tenant === tenant && e.section === "grants");
    return grants.map(({ name: id, value }) => {
      const { give, to, at } = value as Readonly<Record<string, unknown>>;
      return { id, give, to, at: Array.isArray(at) ? at.filter((one) => typeof one === "string") : [] };
    });
  });
