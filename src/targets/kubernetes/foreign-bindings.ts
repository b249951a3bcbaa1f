import { mintedPrefix } from "../../policy/index.ts";
import { safeText } from "../../reconcile/index.ts";
import { bindingsOf, identityOfBinding, isOurs } from "./bindings.ts";
import type { KubernetesObject } from "./client.ts";
import type { KubernetesDesired } from "./compile.ts";

/** So many are named; whoever has more looks at the cluster itself. */
const most = 20;

/**
 * Bindings by which somebody else gives a role to a group of ours, in words: people have it beyond the policy, and no plan
 * takes it away, since our account may touch nothing but what it made. One under a wanted name is a conflict of the plan.
 */
export function foreignBindings(desired: KubernetesDesired, there: readonly KubernetesObject[]): string[] {
  const ours = `${desired.cluster.prefix}${mintedPrefix}`;
  const wanted = bindingsOf(desired);
  const others = there.filter((binding) => !isOurs(binding) && !wanted.has(identityOfBinding(binding)));
  return formatForeign(
    others,
    (group) => group.startsWith(ours),
    (given) => `${given} beyond the policy, and stays: it is not ours. Delete it, or grant it in the policy`,
  );
}

/** The same of the groups of a tenant that leaves, as the cluster calls them: it loses what we made, and not these. */
export const foreignBindingsOf = (groups: ReadonlySet<string>, there: readonly KubernetesObject[]): string[] =>
  formatForeign(
    there.filter((binding) => !isOurs(binding)),
    (group) => groups.has(group),
    (given) => `${given}, and stays: it is not ours. Delete it`,
  );

function formatForeign(
  others: readonly KubernetesObject[],
  isMeant: (group: string) => boolean,
  format: (given: string) => string,
): string[] {
  const found = others.flatMap(({ metadata, roleRef, subjects }) => {
    const groups = (subjects ?? []).filter(({ kind, name }) => kind === "Group" && isMeant(name));
    if (groups.length === 0) return [];
    const { namespace, name } = metadata;
    const [what, where] =
      namespace === undefined
        ? [`cluster-role-binding ${name}`, "in the whole cluster"]
        : [`role-binding ${namespace}/${name}`, `in namespace ${namespace}`];
    const given = `${roleRef?.kind} ${roleRef?.name} ${where} to ${groups.map((group) => group.name).join(", ")}`;
    return [safeText(format(`${what} gives ${given}`))];
  });
  const more = found.length - most;
  return more > 0 ? [...found.slice(0, most), `… and ${more} more bindings of others for groups of ours`] : found;
}
