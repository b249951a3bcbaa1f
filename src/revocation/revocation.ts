import { atMost, type Seconds, type SubjectId, type TargetName } from "../core/index.ts";
import { createMint, type IssuerEvents } from "../issuer/index.ts";
import { cloudGrantKind, cloudGrantsOf, everybody, noteIssued } from "./cloud-grant.ts";
import type { RevocationDeps } from "./deps.ts";
import { isDue, type NotifyCloud, notifyCloud } from "./notify-cloud.ts";
import { askAbout, review } from "./review.ts";
import { makeTurns } from "./turns.ts";

/** How clouds are told. */
export interface PushParts {
  readonly notify: NotifyCloud;
  /** Everybody who may still use a cloud is asked about this often: what takes longer is told. */
  readonly every: Seconds;
  /** Told of what failed and is tried again. */
  readonly notice: (message: string, problem?: unknown) => void;
}

/** Questions to the realm, and logins to one cloud, at the same time. */
const atOnce = 4;

/** Listens to the issuer, and ends what people may still use on clouds once they may have less. */
export interface Revocation extends IssuerEvents {
  /** Asks about everybody, and tells clouds what they were not told yet. */
  round(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** No further round or try; resolves when what is under way has ended, or after `graceMillis`. */
  stop(graceMillis: number): Promise<void>;
}

/** Begins to listen. Somebody else calls `round` again and again, on one instance at a time. */
export function createRevocation(deps: RevocationDeps, push: PushParts): Revocation {
  const stopping = new AbortController();
  const failed = (problem: unknown) =>
    push.notice("what a person may use on clouds is not known; asked again", problem);
  const notifying = notifiers({ ...deps, notify: push.notify, stopping: stopping.signal }, failed);
  const notifyDue = async (sub: SubjectId) => {
    for (const { value } of await cloudGrantsOf(deps.store, sub))
      if (isDue(value, deps)) notifying.ask(value.target, sub);
  };
  const askers = atMost(atOnce);
  const asking = (gone: "unknown" | "lost") =>
    makeTurns(async (sub) => {
      if (await askers(() => askAbout(deps, sub as SubjectId, gone))) await notifyDue(sub as SubjectId);
    }, failed);
  const questions = { unknown: asking("unknown"), lost: asking("lost") };
  const notes = new Set<Promise<void>>();
  const note = (work: Promise<boolean>, sub: SubjectId) => {
    const noted = work.then((less) => (less ? notifyDue(sub) : undefined)).catch(failed);
    notes.add(noted);
    void noted.finally(() => notes.delete(noted));
  };
  const round = async () => {
    const slow = questions.unknown.waiting();
    if (slow > 0) push.notice(`asking about everybody takes longer than ${push.every} s: ${slow} people wait`);
    for (const sub of await everybodyThere(deps, notifying.ask)) questions.unknown.ask(sub);
  };
  const idle = async () => {
    while (notes.size > 0) await Promise.all(notes);
    await Promise.all([questions.unknown.idle(), questions.lost.idle()]);
    await notifying.idle();
  };
  return {
    tokensIssued: (tokens) => note(noteIssued(deps, tokens), tokens.login.person.sub),
    personConfirmed: (person, askedAt) => note(review(deps, person, askedAt), person.sub),
    personDoubted: (sub) => questions.unknown.ask(sub),
    loginEnded: (sub) => questions.lost.ask(sub),
    round: () => round().catch(failed),
    idle,
    stop: async (graceMillis) => {
      stopping.abort();
      const enough = new AbortController();
      await Promise.race([idle(), deps.clock.sleep(graceMillis, enough.signal)]);
      enough.abort();
    },
  };
}

/** Begins to listen, unless clouds are not to be told or there is no way to tell them. */
export function openRevocation(
  deps: Omit<RevocationDeps, "mint"> & Parameters<typeof createMint>[0],
  { enabled, every }: { readonly enabled: boolean; readonly every: Seconds },
  notify: NotifyCloud | undefined,
  notice: PushParts["notice"],
): Revocation | undefined {
  if (notify === undefined || !enabled) return undefined;
  return createRevocation({ ...deps, mint: createMint(deps) }, { notify, every, notice });
}

/** One queue a cloud: one that is down holds up no other. */
function notifiers(deps: Parameters<typeof notifyCloud>[0], failed: (problem: unknown) => void) {
  const queues = new Map<TargetName, ReturnType<typeof makeTurns>>();
  const queueOf = (target: TargetName) => {
    const known = queues.get(target);
    if (known !== undefined) return known;
    const gate = atMost(atOnce);
    const queue = makeTurns((sub) => gate(() => notifyCloud(deps, target, sub as SubjectId)), failed);
    queues.set(target, queue);
    return queue;
  };
  return {
    ask: (target: TargetName, sub: SubjectId) => queueOf(target).ask(sub),
    idle: async () => void (await Promise.all([...queues.values()].map((queue) => queue.idle()))),
  };
}

/** Whom to ask about. What is due is told at once. */
async function everybodyThere(
  { store, clock }: RevocationDeps,
  notify: (target: TargetName, sub: SubjectId) => void,
): Promise<ReadonlySet<SubjectId>> {
  const all = (await store.list(cloudGrantKind, everybody)).map(({ value }) => value);
  for (const one of all) if (isDue(one, { clock })) notify(one.target, one.holder.sub);
  return new Set(all.map(({ holder }) => holder.sub));
}
