import type { Target } from "../model.ts";

/** What roles imply in every Keystone since 2024.2 (keystone-manage bootstrap); a token that has the first has them all. */
const impliedEverywhere: Readonly<Record<string, readonly string[]>> = {
  admin: ["manager"],
  manager: ["member"],
  member: ["reader"],
};

/**
 * A role and all that it implies on a target, through any number of steps. In lower case: Keystone on MySQL takes
 * "Admin" for admin.
 */
export const withImplied = (role: string, target: Target): ReadonlySet<string> =>
  target.kind === "openstack"
    ? closure([role], [...Object.entries(impliedEverywhere), ...Object.entries(target.implies)])
    : new Set([role]);

type Implications = readonly (readonly [role: string, implied: readonly string[]])[];

function closure(roles: readonly string[], implications: Implications): ReadonlySet<string> {
  const found = new Set<string>();
  const open = roles.map((role) => role.toLowerCase());
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const [role, implied] of implications)
      if (role.toLowerCase() === next) open.push(...implied.map((name) => name.toLowerCase()));
  }
  return found;
}

/** Roles that rule a whole cloud or cluster, in any case of letters. */
function isMighty(role: string): boolean {
  const name = role.toLowerCase();
  return (
    ["admin", "service", "cluster-admin"].includes(name) || name.startsWith("system:") || name.startsWith("kubeadm:")
  );
}

/**
 * Of all that a role implies: what the operator's list does not hold, a list of what may be, never of what may not. Who
 * lists manager knows that it implies member; what a cloud's own roles imply must be listed, too.
 */
export function impliedAboveCeiling(role: string, target: Target, ceiling: readonly string[]): string[] {
  const allowed = closure([role, ...ceiling], Object.entries(impliedEverywhere));
  return [...withImplied(role, target)].filter((name) => !allowed.has(name));
}

/** Of a role and all that it implies: what rules the whole target and was not reviewed. */
export const unreviewed = (role: string, target: Target): string[] =>
  [...withImplied(role, target)].filter(
    (name) => isMighty(name) && !target.reviewed.some((known) => known.toLowerCase() === name),
  );
