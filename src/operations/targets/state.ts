import { type CommitId, type Instant, seconds, type TargetName } from "../../core/index.ts";
import { defineKind, type Store } from "../../store/index.ts";
import type { Wanted } from "../../targets/index.ts";

/** Why a plan waits for a person. */
export type WaitsFor = "conflict" | "report" | "confirm" | "deletes";

/** Why a target could not be brought in step. */
export type FailedBy = "away" | "refused" | "unsettled";

/** How a look at a target ended. */
export type LookEnded =
  /** It is as the policy says. */
  | { readonly state: "in-step" }
  /** All is done that can be; something wanted waits for what the target lacks. */
  | { readonly state: "lacks" }
  /** What is to be done waits for a person of the operator's. */
  | { readonly state: "person"; readonly reason: WaitsFor }
  /** It did not answer; it refused what we are to do; it was not as wanted afterwards. It is tried again. */
  | { readonly state: "failed"; readonly reason: FailedBy };

/** What the instances know of a target that one of them keeps in step. */
export interface TargetState {
  readonly state: LookEnded["state"];
  /** Of the last look that was not in step. */
  readonly reason?: WaitsFor | FailedBy;
  readonly at: Instant;
  /** What was wanted of it at the last look, by tenant (`wantedOn`). */
  readonly looked: Readonly<Record<string, string>>;
  /** What it was last in step with, when, and of which commit of the tenants' files. */
  readonly done?: Readonly<Record<string, string>>;
  readonly doneAt?: Instant;
  readonly doneCommit?: CommitId;
}

const kind = defineKind<TargetState>()("target-state", [
  "state",
  "reason",
  "at",
  "looked",
  "done",
  "doneAt",
  "doneCommit",
]);

/** A target that nobody has looked at for so long is told as one that nobody keeps. */
const keptFor = seconds(7 * 86_400);
const states: readonly LookEnded["state"][] = ["in-step", "lacks", "person", "failed"];

/** A look at a target: with what in view, and how it ended. */
interface TargetLook {
  readonly at: Instant;
  readonly wanted: Wanted;
  readonly commit: CommitId | undefined;
  readonly ended: LookEnded;
}

/** Keeps how a look ended, for every instance. Throws `Fault` when the store does not answer. */
export async function keepTargetState(store: Store, target: TargetName, look: TargetLook): Promise<void> {
  const { at, ended, commit } = look;
  const looked = Object.fromEntries(look.wanted.ofTenant);
  const value: TargetState = {
    ...ended,
    ...{ at, looked },
    ...(ended.state === "in-step" && { done: looked, doneAt: at, ...(commit !== undefined && { doneCommit: commit }) }),
  };
  const known = await store.advance(kind, target, states, value, { ttl: keptFor });
  if (known.outcome !== "absent" || (await store.put(kind, target, value, { ttl: keptFor })) === "created") return;
  // Another instance was first: the lease has changed hands.
  await store.advance(kind, target, states, value, { ttl: keptFor });
}

/** What is known of a target; nothing when nobody keeps it, or nobody has looked yet. Throws `Fault`. */
export const targetState = (store: Store, target: TargetName): Promise<TargetState | undefined> =>
  store.get(kind, target);
