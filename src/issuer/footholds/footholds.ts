import { atMost, type Seconds, type SubjectId, type TargetName } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { everybody, footholdKind, footholdsOf, noteIssued } from "./foothold.ts";
import { isDue, type NotifyCloud, notifyCloud } from "./notify-cloud.ts";
import type { Footholds } from "./port.ts";
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

type Deps = Pick<IssuerDeps, "store" | "clock" | "policy" | "mint" | "audit" | "relyingParty">;

/** Opens the footholds. Somebody else calls `round` again and again, on one instance at a time. */
export function createFootholds(deps: Deps, push: PushParts): Footholds {
  const stopping = new AbortController();
  const failed = (problem: unknown) =>
    push.notice("what a person may use on clouds is not known; asked again", problem);
  const telling = tellers({ ...deps, notify: push.notify, stopping: stopping.signal }, failed);
  const notifyDue = async (sub: SubjectId) => {
    for (const { value } of await footholdsOf(deps.store, sub)) if (isDue(value, deps)) telling.ask(value.target, sub);
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
    for (const sub of await everybodyThere(deps, telling.ask)) questions.unknown.ask(sub);
  };
  const idle = async () => {
    while (notes.size > 0) await Promise.all(notes);
    await Promise.all([questions.unknown.idle(), questions.lost.idle()]);
    await telling.idle();
  };
  return {
    issued: (tokens) => note(noteIssued(deps, tokens), tokens.login.person.sub),
    learned: (person, askedAt) => note(review(deps, person, askedAt), person.sub),
    doubted: (sub, gone) => questions[gone].ask(sub),
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

/** One queue a cloud: one that is down holds up no other. */
function tellers(deps: Parameters<typeof notifyCloud>[0], failed: (problem: unknown) => void) {
  const gates = new Map<TargetName, ReturnType<typeof atMost>>();
  const gateOf = (target: TargetName) => {
    const gate = gates.get(target) ?? atMost(atOnce);
    gates.set(target, gate);
    return gate;
  };
  const turns = makeTurns((key) => {
    const [target, sub] = key.split(" ") as [TargetName, SubjectId];
    return gateOf(target)(() => notifyCloud(deps, target, sub));
  }, failed);
  return { ask: (target: TargetName, sub: SubjectId) => turns.ask(`${target} ${sub}`), idle: () => turns.idle() };
}

/** Whom to ask about. What is due is told at once. */
async function everybodyThere(
  { store, clock }: Deps,
  notify: (target: TargetName, sub: SubjectId) => void,
): Promise<ReadonlySet<SubjectId>> {
  const all = (await store.list(footholdKind, everybody)).map(({ value }) => value);
  for (const one of all) if (isDue(one, { clock })) notify(one.target, one.holder.sub);
  return new Set(all.map(({ holder }) => holder.sub));
}
