import { consoleTarget, type Instant, isConsoleScope, isoTime, type TenantName } from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import { factsAt } from "../../policy/index.ts";
import { isDecider } from "../console/caller.ts";
import { shownName } from "../console/tenant-view.ts";
import type { RequestDeps } from "./deps.ts";
import { type AccessRequest, type KeptRequest, noteTold, requestsBy, type Told } from "./record.ts";
import { isSelf } from "./self.ts";
import { settled } from "./settle.ts";
import { isProposed } from "./show.ts";

type Send = NonNullable<RequestDeps["notices"]>["send"];

/** So many of those who may decide are told of a request; those who were here last. */
const mostTold = 10;
/** So long before its end whoever has something is told, in seconds. */
const aDay = 86_400;

/**
 * Writes down what became of requests by themselves, and tells those whom it concerns: who decides of a new one, who asked of the
 * decision, both a day before the end. What could not be told is told by the next run.
 */
export async function notifyOfRequests(deps: RequestDeps, stopping: AbortSignal): Promise<void> {
  for (const tenant of deps.policy.tenants.keys())
    for (const kept of await requestsBy(deps, { tenant })) {
      if (stopping.aborted) return;
      const request = await settled(kept, deps);
      const what = dueFor(request, deps);
      if (what === undefined) continue;
      const outcomes = await Promise.all((await noticesOf(request, what, deps)).map((one) => deps.notices?.send(one)));
      if (outcomes.includes("full")) continue;
      await noteTold(deps, request, what);
      if (what === "ending") recordEnding(request, deps);
    }
}

function recordEnding({ id, value }: KeptRequest, { audit }: RequestDeps): void {
  const { tenant, sub, decider, approval } = value;
  audit.record("access.ending", {
    ...{ request: id, tenant, sub, by: decider?.sub },
    until: approval && isoTime(approval.until),
  });
}

/** What is to be told of a request now. */
function dueFor({ id, value }: KeptRequest, deps: RequestDeps): Told | undefined {
  const { state, told = [], approval } = value;
  if (state === "asked") return told.includes("asked") ? undefined : "asked";
  if (state === "approving" || state === "withdrawn") return undefined;
  // Whoever asked is told that it holds: not before it does.
  if (!told.includes("decided")) return isProposed({ id, value }, deps) ? undefined : "decided";
  if (state !== "approved" || approval === undefined || told.includes("ending")) return undefined;
  // What lasts no longer was told of a moment ago; what was taken back, or given for longer, does not end then.
  const lasts = approval.until - approval.from > aDay;
  const isStill = deps.policy.rules.get(value.tenant)?.grants.find((g) => g.id === id)?.until === approval.until;
  const now = deps.clock.now();
  return lasts && isStill && now >= approval.until - aDay && now < approval.until ? "ending" : undefined;
}

type Sent = Parameters<Send>[0];

async function noticesOf({ id, value }: KeptRequest, what: Told, deps: RequestDeps): Promise<readonly Sent[]> {
  const { tenant, state, decider, approval, reason, denial = "" } = value;
  const facts = { tenant, request: id, person: shownName(value), what: `${value.set} (${value.at.join(", ")})` };
  const asker = toThem(value);
  const by = decider?.name ?? "";
  const ends = approval === undefined ? "" : isoTime(approval.until);
  if (what === "asked") {
    const to = (await decidersOf(value, deps)).flatMap(toThem);
    return [{ kind: "access-asked", tenant, to, facts: { ...facts, reason, until: isoTime(value.waitsUntil) } }];
  }
  if (what === "ending")
    return [
      { kind: "access-ending", tenant, to: asker, facts: { ...facts, ends } },
      {
        kind: "grant-ending",
        tenant,
        to: toThem(decider ?? {}),
        facts: { tenant, grant: id, person: facts.person, what: facts.what, ends },
      },
    ];
  if (state === "approved") return [{ kind: "access-approved", tenant, to: asker, facts: { ...facts, by, ends } }];
  if (state === "denied")
    return [{ kind: "access-denied", tenant, to: asker, facts: { ...facts, by, reason: denial } }];
  return [{ kind: "access-expired", tenant, to: asker, facts }];
}

const toThem = ({ email }: { readonly email?: string }) => (email === undefined ? [] : [{ email }]);

/** Those who are told of a request: managers who decide in its tenant, or else who decides for all tenants. */
async function decidersOf(request: AccessRequest, deps: RequestDeps): Promise<readonly TenantPerson[]> {
  const now = deps.clock.now();
  const latest = (people: readonly TenantPerson[]) =>
    people
      .filter(({ email, ...person }) => email !== undefined && !isSelf(request, { ...person, email }))
      .sort((a, b) => b.at - a.at)
      .slice(0, mostTold);
  const own = (await deps.viewOf(request.tenant)).people.filter(
    (person) => decides(person, now, request.tenant, deps) && isDecider(deps.policy, request.tenant, person),
  );
  // Who asks does not decide: of the only manager's own request nobody in the tenant can be told.
  const toTell = latest(own);
  if (toTell.length > 0) return toTell;
  const all = await Promise.all([...deps.policy.tenants.keys()].map((tenant) => deps.viewOf(tenant)));
  return latest(all.flatMap(({ people }) => people.filter((person) => decides(person, now, "all", deps))));
}

/** Whether a person manages a tenant, or approves what people of all tenants ask for. */
function decides(person: TenantPerson, now: Instant, where: TenantName | "all", { policy }: RequestDeps): boolean {
  const decision = policy.decide(factsAt({ ...person, person: person.sub }, now), consoleTarget);
  if (decision.kind === "unknown") return false;
  return decision.entitlements.some(({ role, scope }) => {
    if (!isConsoleScope(scope)) return false;
    return scope.kind === "all-tenants"
      ? where === "all" && role === "operator-approver"
      : role === "tenant-manager" && scope.tenant === where;
  });
}
