import { Fault } from "../../core/index.ts";
import { namesIn, type Observed } from "../../reconcile/index.ts";
import { bindingsOf, identityOfBinding, pathOfRole } from "./bindings.ts";
import type { KubernetesClient, KubernetesObject } from "./client.ts";
import type { Binding, KubernetesDesired } from "./compile.ts";
import type { Placed } from "./labelled.ts";

/** Which of a policy's ClusterRoles a cluster has. */
interface KnownRoles {
  readonly missing: ReadonlySet<string>;
  /** Our account may not read them. */
  readonly unknown: readonly string[];
}

/** Looks for every ClusterRole that bindings name. Throws `Fault`. */
export async function lookForRoles(kubernetes: KubernetesClient, bindings: readonly Binding[]): Promise<KnownRoles> {
  const names = [...new Set(bindings.map(({ roleRef }) => roleRef.name))].sort();
  const isThere = await Promise.all(
    names.map((name) => kubernetes.exists(`look for the ClusterRole ${name}`, pathOfRole(name))),
  );
  return {
    missing: new Set(names.filter((_name, i) => isThere[i] === false)),
    unknown: names.filter((_name, i) => isThere[i] === undefined),
  };
}

/**
 * Takes out the bindings to roles that are not there: made now, they would give nothing, and then, when somebody makes the
 * role, all that it allows beside the old binding that they were to replace. One that is there already is kept as it should be.
 */
export function postpone(
  desired: KubernetesDesired,
  { missing }: KnownRoles,
  there: readonly KubernetesObject[],
): Pick<Placed, "desired" | "waiting"> {
  const made = new Set(there.map(identityOfBinding));
  const waits = new Set(
    [...bindingsOf(desired)].flatMap(([identity, binding]) =>
      missing.has(binding.roleRef.name) && !made.has(identity) ? [binding] : [],
    ),
  );
  return { desired: { ...desired, bindings: desired.bindings.filter((b) => !waits.has(b)) }, waiting: [...waits] };
}

/** The wanted bindings that give something to the same group in the same place. */
const successorsOf = (wanted: readonly Binding[], { key, fields }: Pick<Observed, "key" | "fields">): Binding[] => {
  const subjects = Array.isArray(fields["subjects"]) ? fields["subjects"] : [];
  const [namespace] = typeof key === "string" ? [undefined] : namesIn(key);
  return wanted.filter(
    (b) => b.metadata.namespace === namespace && b.subjects.some((s) => subjects.includes(`${s.kind} ${s.name}`)),
  );
};

/** Why a binding of ours that is no longer wanted stays all the same: what is to take its place cannot be made yet. */
export function staysFor(waiting: readonly Binding[], old: Observed): string | undefined {
  const [next] = successorsOf(waiting, old);
  return next && `the ClusterRole ${next.roleRef.name}, which takes its place, is not there yet`;
}

/** Looks, before a binding is deleted, whether the roles that take its place are still there. Throws `Fault` if not. */
export function successorCheck(
  kubernetes: KubernetesClient,
  { desired: { cluster, bindings }, missing }: Placed,
): (old: Observed) => Promise<void> {
  // A hundred namespaces change their role at once: asked once, or the gap between old and new would grow.
  const known = new Map<string, Promise<boolean | undefined>>();
  const isThere = (role: string) => {
    const asked = known.get(role) ?? kubernetes.exists(`look for the ClusterRole ${role}`, pathOfRole(role));
    known.set(role, asked);
    return asked;
  };
  return async (old) => {
    for (const { roleRef } of successorsOf(bindings, old)) {
      // Of one that was gone before, the plan has said so: it holds nothing else up.
      if (missing.has(roleRef.name) || (await isThere(roleRef.name)) !== false) continue;
      const message = `${roleRef.name} is there no longer, and what it replaces stays; make a new plan`;
      throw new Fault(`kubernetes ${cluster.name}`, "look for the ClusterRoles", { message });
    }
  };
}

/** The roles that are not there, in words. */
export function formatMissing({ missing }: KnownRoles, wanted: readonly Binding[]): string[] {
  const lacking = wanted.filter(({ roleRef }) => missing.has(roleRef.name));
  return [...Map.groupBy(lacking, ({ roleRef }) => roleRef.name)].map(([role, { length }]) => {
    const waiting = length === 1 ? "the binding to it waits" : `the ${length} bindings to it wait`;
    return `the ClusterRole ${role} is not there, and ${waiting}: create it there, or take it out of the policy`;
  });
}

/** In words, that it is not known whether roles are there. */
export const formatUnknown = (unknown: readonly string[]): string[] =>
  unknown.length === 0
    ? []
    : [
        `whether the ClusterRoles ${unknown.join(", ")} are there is unknown: our account needs get on them (deploy/kubernetes/operator.yaml)`,
      ];
