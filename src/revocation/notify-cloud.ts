import { clockSkew, Fault, instant, type SubjectId, seconds, type TargetName, type TenantName } from "../core/index.ts";
import { cloudMemory } from "../policy/index.ts";
import { type CloudGrant, cloudGrantKind, cloudGrantsOf, cloudOf, type Held } from "./cloud-grant.ts";
import type { RevocationDeps } from "./deps.ts";

/**
 * Tells a cloud by a login in a person's name what the person may have there now. Answers whether the cloud took it;
 * throws `Fault` when it does not answer.
 */
export type NotifyCloud = (login: {
  readonly target: TargetName;
  readonly tenant: TenantName;
  readonly accessToken: string;
}) => Promise<boolean>;

/** What telling is made of. */
type NotifyDeps = Pick<RevocationDeps, "store" | "clock" | "policy" | "mint" | "audit"> & {
  readonly notify: NotifyCloud;
  /** Aborted: no further try. */
  readonly stopping: AbortSignal;
};

/** Life of the token that a cloud is told with; it goes nowhere else. */
const tokenLife = 60;
const tries = 3;
const firstPauseMillis = 1_000;
/** That a cloud could not be told is said in the audit once in this time, however often it is tried. */
const failureSaidFor = seconds(3_600);

/** Whether a cloud is to be told of this now. */
export const isDue = ({ state, tellAt }: CloudGrant, { clock }: Pick<RevocationDeps, "clock">): boolean =>
  state === "falls" && tellAt <= clock.now();

/**
 * Tells a cloud of a person, if there is anything to tell. What is told are the groups of the login that came last: the
 * cloud knows no others, and a push must never give. What could not be told stays due.
 */
export async function notifyCloud(deps: NotifyDeps, target: TargetName, sub: SubjectId): Promise<void> {
  const held = (await cloudGrantsOf(deps.store, sub)).filter(({ value }) => value.target === target);
  const due = held.filter(({ value }) => isDue(value, deps));
  const last = held.map(({ value }) => value).reduce(later, undefined);
  if (due.length === 0 || last === undefined) return;
  const outcome = await tryToNotify(deps, last);
  if (outcome === "taken") for (const one of due) await settle(deps, one);
  if (outcome !== "taken" && !(await deps.store.once("push-failed", `${target}.${sub}`, failureSaidFor))) return;
  const { tenant } = last.holder;
  deps.audit.record("rights.pushed", { target, sub, tenant, groups: last.groups, outcome });
}

const later = (a: CloudGrant | undefined, b: CloudGrant): CloudGrant =>
  a !== undefined && a.issuedAt > b.issuedAt ? a : b;

async function tryToNotify(deps: NotifyDeps, grant: CloudGrant): Promise<"taken" | "refused" | "no answer"> {
  const { target, holder } = grant;
  for (let attempt = 1; ; attempt++) {
    try {
      const accessToken = tokenFor(deps, grant);
      return (await deps.notify({ target, tenant: holder.tenant, accessToken })) ? "taken" : "refused";
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      if (attempt === tries || deps.stopping.aborted) return "no answer";
    }
    await deps.clock.sleep(firstPauseMillis * 4 ** (attempt - 1), deps.stopping);
  }
}

function tokenFor(
  { clock, mint }: NotifyDeps,
  { target, holder, client, groups, login, loginMethod }: CloudGrant,
): string {
  const now = clock.now();
  return mint.accessToken({
    person: holder,
    clientId: client,
    audience: target,
    groups,
    scope: [],
    sid: login,
    loginMethod,
    issuedAt: now,
    expiresAt: instant(now + tokenLife),
  });
}

/**
 * The cloud knows. A token of before that is still good would bring everything back: so it is told again when the
 * last one has ended, which also takes back what was made with it in between.
 */
async function settle(deps: NotifyDeps, { id, value }: Held): Promise<void> {
  const now = await deps.store.get(cloudGrantKind, id);
  // It fell further meanwhile: that is still to be told.
  if (now === undefined || now.groups.join() !== value.groups.join()) return;
  if (!now.told && now.tokensEnd >= deps.clock.now()) {
    const tellAt = instant(now.tokensEnd + clockSkew);
    await deps.store.advance(cloudGrantKind, id, ["falls"], { told: true, tellAt });
  } else if (now.groups.length === 0) {
    await deps.store.take(cloudGrantKind, id);
  } else {
    const cloud = cloudOf(deps, now.target);
    const more = cloud && { ttl: cloudMemory(cloud) };
    await deps.store.advance(cloudGrantKind, id, ["falls"], { state: "stands" }, more);
  }
}
