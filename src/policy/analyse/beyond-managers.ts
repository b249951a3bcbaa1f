import type { IdentityProviderAlias, TenantName } from "../../core/index.ts";
import { impliedAboveCeiling, unreviewed, withImplied } from "../link/ceiling.ts";
import { scopesOf } from "../link/place.ts";
import type { Atom, CloudTarget, Grant, People, PermissionSet, Policy, SetItem, Target, Tenant } from "../model.ts";

/** Roles that no domain manager may give, nor any that implies one (scs-0302; S-43). */
const rulingRoles = ["manager", "admin", "cluster-admin"];
/** The one role of the console that a manager may give: it changes nothing. */
const harmlessInConsole = "tenant-auditor";

/**
 * The grants of a tenant that give what only an operator may give, and that were not there before in the very same way: to
 * the same people, of the same set, at the same targets, and not for longer. Who may change a policy must not be able to make
 * a manager, by a grant, by what a set holds, or by who the people are.
 */
export function grantsBeyondManagers(before: Policy, after: Policy, tenant: TenantName): readonly Grant[] {
  const known = new Map((before.rules.get(tenant)?.grants ?? []).map((grant) => [grant.id, grant]));
  return (after.rules.get(tenant)?.grants ?? []).filter((grant) => {
    if (!isBeyond(after, grant)) return false;
    const old = known.get(grant.id);
    return old === undefined || !isNoMore(grant, old);
  });
}

/**
 * The permission sets of a tenant that hold what only an operator may give, and did not before. Also of one that no grant uses yet: a
 * grant of it may be another change, which was judged beside this one and not after it (proposals).
 */
export function setsBeyondManagers(before: Policy, after: Policy, tenant: TenantName): readonly PermissionSet[] {
  const known = before.rules.get(tenant)?.sets;
  const anywhere = [...after.targets.keys()];
  return [...(after.rules.get(tenant)?.sets.values() ?? [])].filter((set) => {
    if (!isBeyond(after, { at: anywhere, set, opensConsole: true })) return false;
    const old = new Set(known?.get(set.name)?.items.map(itemText));
    return !set.items.every((item) => old.has(itemText(item)));
  });
}

/**
 * Whether a group of members is the operator's to fill: it says who rules the domain or the console, or who decides access requests.
 * Who may put people into groups must not be able to make a manager by that (S-42, S-43).
 */
export function isGroupBeyondManagers(
  policy: Pick<Policy, "targets" | "rules">,
  tenant: TenantName,
  { alias, group }: { readonly alias: IdentityProviderAlias; readonly group: string },
): boolean {
  const rules = policy.rules.get(tenant);
  const ruling = (rules?.grants ?? []).filter((grant) => isBeyond(policy, grant)).map(({ people }) => people);
  const named = group.normalize("NFC");
  const names = ({ claim, test, values }: Atom): boolean =>
    claim === "groups" &&
    values.some((value) => (test === "endsWith" ? named.endsWith(String(value)) : value === named));
  return [...ruling, ...(rules?.requestable?.deciders ?? [])].some(
    ({ from, all, any, not, cel }) =>
      from === alias && ([...all, ...any, ...not].some(names) || (cel?.reads.includes("groups") ?? false)),
  );
}

/** Whether a domain manager may give a set at a target: there is something for it to hold there, and none of it rules. */
export const mayManagersGive = (
  policy: Pick<Policy, "targets">,
  set: PermissionSet,
  tenant: Tenant,
  target: Target,
): boolean =>
  set.items.some((item) => scopesOf(item, tenant, target).length > 0) &&
  !isBeyond(policy, { at: [target.name], set, opensConsole: target.kind === "console" });

/**
 * The roles that a domain manager may give on a project of a cloud: those that the cloud and the tenant's ceiling list and that
 * imply nothing which rules, nothing above the ceiling, and nothing that no login with a code carries (S-42 to S-44).
 */
export function rolesManagersGive(
  { deviceLogin }: Pick<Policy, "deviceLogin">,
  { ceiling }: Pick<Tenant, "ceiling">,
  cloud: CloudTarget,
): readonly string[] {
  const elevated = deviceLogin.elevatedRoles.map((role) => role.toLowerCase());
  return cloud.roles.filter((role) => {
    const implied = withImplied(role, cloud);
    return (
      ceiling.openstack.includes(role) &&
      ![...rulingRoles, ...elevated].some((ruling) => implied.has(ruling)) &&
      unreviewed(role, cloud).length === 0 &&
      impliedAboveCeiling(role, cloud, ceiling.openstack).length === 0
    );
  });
}

function isBeyond(
  { targets }: Pick<Policy, "targets">,
  { at, set, opensConsole }: Pick<Grant, "at" | "set" | "opensConsole">,
): boolean {
  if (set.elevatedBy !== undefined) return true;
  return set.items.some(({ kind, role }) => {
    if (kind === "console") return opensConsole && role !== harmlessInConsole;
    return at.some((name) => {
      const target = targets.get(name);
      const implied = target?.kind === kind ? withImplied(role, target) : new Set([role.toLowerCase()]);
      return rulingRoles.some((ruling) => implied.has(ruling));
    });
  });
}

/** Whether a grant gives no more than another one: the same, to the same people, within its time. */
const isNoMore = (grant: Grant, old: Grant): boolean =>
  meaningOf(grant) === meaningOf(old) &&
  grant.at.every((target) => old.at.includes(target)) &&
  (old.from === undefined || (grant.from !== undefined && grant.from >= old.from)) &&
  (old.until === undefined || (grant.until !== undefined && grant.until <= old.until)) &&
  [...old.amr, ...old.assurance].every((value) => [...grant.amr, ...grant.assurance].includes(value)) &&
  (old.acr.length === 0 || (grant.acr.length > 0 && grant.acr.every((value) => old.acr.includes(value))));

/** What is given, and to whom, as one text: the same for the same meaning, wherever it stands. */
const meaningOf = ({ set, people }: Grant): string =>
  JSON.stringify([set.name, set.items.map(itemText).sort(), peopleText(people)]);

const itemText = ({ source: _, ...item }: SetItem): string => JSON.stringify(item);

const peopleText = ({ from, all, any, not, cel }: People): string =>
  JSON.stringify([from, ...[all, any, not].map((atoms) => atoms.map(atomText).sort()), cel?.text]);

/** The whole condition: what it says in words leaves values out where there are many. */
const atomText = (atom: Atom): string => JSON.stringify(atom);
