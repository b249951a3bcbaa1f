import {
  type ApiProblem,
  type CommitId,
  type Entitlement,
  err,
  type Instant,
  ok,
  type Result,
  refusal,
  type Source,
} from "../../core/index.ts";
import { formatPeople, type Grant, readEntries } from "../../policy/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type ListedPerson, listedPerson } from "./everybody.ts";
import { type GrantSince, grantSince } from "./grant-since.ts";
import { type PageOf, pageOf } from "./page-of.ts";
import type { TenantView } from "./tenant-view.ts";

/** A grant as the managers of its tenant see it. */
export interface ShownGrant {
  readonly id: string;
  readonly set: string;
  /** The people of the policy whom it is for, and their conditions in words. */
  readonly people: string;
  readonly conditions: string;
  readonly at: readonly string[];
  readonly from?: Instant;
  readonly until?: Instant;
  readonly reason?: string;
  /** What it gives: roles and places. */
  readonly entitlements: readonly Entitlement[];
  readonly source: Source;
  /** How many of the known people hold it. */
  readonly holders: number;
  /** When one of them last got a token for one of its targets; nothing where none is remembered. */
  readonly lastToken?: Instant;
  /** Since when it stands as it does; nothing where no commit is known of it, and in lists. */
  readonly since?: GrantSince;
  /** It stands in one of the tenant's own files, and is the managers' to change. */
  readonly isOwn: boolean;
}

/** The grants of a tenant, in the order of its files: who has what, and by which grant. */
export async function listGrants(
  { tenant, ...page }: { readonly tenant: string; readonly after?: string | undefined; readonly limit: number },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PageOf<ShownGrant>, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const view = await deps.viewOf(name);
  const own = await ownFiles(deps);
  const { items, ...rest } = pageOf(deps.policy.rules.get(name)?.grants ?? [], ({ id }) => id, page);
  return ok({ ...rest, items: items.map((grant) => shownGrant(grant, view, own)) });
}

/** Somebody who holds a grant. */
export interface GrantHolder extends ListedPerson {
  /** When the person last got a token for one of the grant's targets; nothing where none is remembered. */
  readonly lastToken?: Instant;
}

/** Who holds a grant, and when each last got a token for one of its targets. */
const holdersOf = (view: TenantView, { id, at }: Grant): readonly GrantHolder[] =>
  (view.holders.get(id) ?? []).map((person) => {
    const lastToken = newest(at.map((target) => view.lastToken(person.sub, target)));
    return { ...listedPerson(person), ...(lastToken !== undefined && { lastToken }) };
  });

/** The newest of some moments; nothing where there is none. */
const newest = (moments: readonly (Instant | undefined)[]): Instant | undefined =>
  moments.reduce((last, at) => (at !== undefined && (last === undefined || at > last) ? at : last), undefined);

/** One grant, and who holds it. */
export async function showGrant(
  { tenant, grant: id }: { readonly tenant: string; readonly grant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<{ readonly grant: ShownGrant; readonly holders: readonly GrantHolder[] }, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const grant = deps.policy.rules.get(name)?.grants.find((one) => one.id === id);
  if (grant === undefined) return err(refusal("not_found", "there is no such grant"));
  const view = await deps.viewOf(name);
  const since = await (await grantSince(deps))(grant.source);
  return ok({
    grant: { ...shownGrant(grant, view, await ownFiles(deps)), ...(since && { since }) },
    holders: holdersOf(view, grant),
  });
}

/** The tenants' own files, as of the policy in use. */
export async function ownFiles({ policyFiles }: Pick<ConsoleDeps, "policyFiles">): Promise<ReadonlySet<string>> {
  const commit = policyFiles?.commit();
  const files = commit === undefined ? [] : ((await policyFiles?.repository?.filesAt(commit))?.files ?? []);
  return new Set(files.map(({ file }) => file));
}

/** What was looked up in a view, by grant: a list of many grants with many holders asks for each again and again. */
const lastTokens = new WeakMap<TenantView, Map<Grant, Instant | undefined>>();

/** When anybody who holds a grant last got a token for one of its targets. */
function lastTokenOf(view: TenantView, grant: Grant): Instant | undefined {
  const known = lastTokens.get(view) ?? new Map<Grant, Instant | undefined>();
  lastTokens.set(view, known);
  if (known.has(grant)) return known.get(grant);
  let last: Instant | undefined;
  for (const { sub } of view.holders.get(grant.id) ?? [])
    for (const target of grant.at) last = newest([last, view.lastToken(sub, target)]);
  known.set(grant, last);
  return last;
}

/** A grant as its tenant's managers see it. */
export function shownGrant(grant: Grant, view: TenantView, own: ReadonlySet<string>): ShownGrant {
  const holders = view.holders.get(grant.id) ?? [];
  const lastToken = lastTokenOf(view, grant);
  return {
    id: grant.id,
    set: grant.set.name,
    people: grant.people.name,
    conditions: formatPeople(grant.people),
    at: grant.at,
    ...(grant.from !== undefined && { from: grant.from }),
    ...(grant.until !== undefined && { until: grant.until }),
    ...(grant.because !== undefined && { reason: grant.because }),
    entitlements: [...grant.entitlements.values()].flat(),
    source: grant.source,
    holders: holders.length,
    ...(lastToken !== undefined && { lastToken }),
    isOwn: own.has(grant.source.file),
  };
}

/** What a grant says in the tenant's own files at a commit; nothing where it stands in none of them. */
export async function writtenGrant(
  { policyFiles }: Pick<ConsoleDeps, "policyFiles">,
  commit: CommitId,
  tenant: string,
  id: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const files = (await policyFiles?.repository?.filesAt(commit))?.files ?? [];
  const entries = files.flatMap(({ file, text }) => {
    const read = readEntries(text, file);
    return read.ok ? read.value : [];
  });
  const found = entries.find((e) => e.tenant === tenant && e.section === "grants" && e.name === id);
  return found?.value as Readonly<Record<string, unknown>> | undefined;
}
