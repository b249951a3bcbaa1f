import { type Instant, ok, type Person, type SubjectId } from "../core/index.ts";
import { asSignedIn, decideFor, recheckPerson, storedBehind } from "../issuer/index.ts";
import { groupsFor } from "../policy/index.ts";
import { cloudGrantsOf, fall, type Held } from "./cloud-grant.ts";
import type { RevocationDeps } from "./deps.ts";

type Deps = Pick<RevocationDeps, "store" | "clock" | "policy" | "relyingParty">;

/**
 * Holds what clouds may know of a person against what the policy says of the person as the realm described it when it
 * was asked. Answers whether any of it is less.
 */
export async function review(deps: Omit<Deps, "relyingParty">, now: Person, askedAt: Instant): Promise<boolean> {
  let less = false;
  for (const held of await cloudGrantsBefore(deps, now.sub, askedAt)) {
    const { holder, client, loginMethod, target, groups } = held.value;
    const decision = decideFor(deps, { person: asSignedIn(now, holder), client, loginMethod }, target);
    // Groups that could not be read are unknown, and unknown is not lost.
    if (decision.kind === "unknown") continue;
    const given = groupsFor(decision, target);
    const kept = groups.filter((group) => given.includes(group));
    if (kept.length === groups.length) continue;
    await fall(deps.store, held, kept);
    less = true;
  }
  return less;
}

/**
 * Asks the realm about a person who may still use a cloud. One login that it confirms says what the person may have;
 * when it confirms none any more, the person may have nothing. A login that ended here (signed out) says neither, unless
 * `gone` says that it ended at the realm. Answers whether anything is lost; throws `Fault` when nobody answers.
 */
export async function askAbout(deps: Deps, sub: SubjectId, gone: "unknown" | "lost"): Promise<boolean> {
  const askedAt = deps.clock.now();
  let lost = false;
  for (const { behind, holder } of onePerGrant(await cloudGrantsOf(deps.store, sub))) {
    // Behind a robot there is no sign-in: the policy alone says what it may have.
    const asked = behind.kind === "robot" ? ok(holder) : await recheckPerson(deps, holder, behind.realmGrant);
    if (asked.ok) return review(deps, asked.value, askedAt);
    if (asked.refusal.code !== "login_expired" || gone === "lost") lost = true;
  }
  if (lost) for (const one of await cloudGrantsBefore(deps, sub, askedAt)) await fall(deps.store, one, []);
  return lost;
}

/** Those that a word of the realm is about: what was issued after it was asked knows better. */
const cloudGrantsBefore = async ({ store }: Pick<Deps, "store">, sub: SubjectId, askedAt: Instant) =>
  (await cloudGrantsOf(store, sub)).filter(({ value }) => value.issuedAt <= askedAt);

const onePerGrant = (held: readonly Held[]): Iterable<Held["value"]> =>
  new Map(held.map(({ value }) => [storedBehind.write(value.behind), value])).values();
