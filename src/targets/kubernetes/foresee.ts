import { Bug } from "../../core/index.ts";
import { identityOf, type Plan, type Step, safeText } from "../../reconcile/index.ts";
import { bindingsOf, identityOfBinding, pathOfBinding } from "./bindings.ts";
import type { KubernetesClient, KubernetesObject } from "./client.ts";
import type { KubernetesDesired } from "./compile.ts";
import { manifest } from "./driver.ts";

/** So many namespaces are asked about, and so many roles: a first plan may hold thousands of bindings. */
const most = 20;

/**
 * What the account may not do of a plan, in words: the API server judges one binding of each namespace, and of each
 * role that is given in the whole cluster. `there` is what the plan was made from. Writes nothing. Throws `Fault`.
 */
export async function foreseeRefusals(
  kubernetes: KubernetesClient,
  { desired, there }: { readonly desired: KubernetesDesired; readonly there: readonly KubernetesObject[] },
  plan: Plan,
): Promise<string[]> {
  const bindings = bindingsOf(desired);
  const found = new Map(there.map((binding) => [identityOfBinding(binding), binding]));
  const fresh = new Set(plan.steps.filter((s) => s.kind === "namespace").map((s) => s.key));
  const placeOf = (step: Step): string | undefined => {
    const binding = bindings.get(identityOf(step));
    if (step.kind === "cluster-role-binding") return `${step.action} ${binding?.roleRef.name ?? ""}`;
    const namespace = binding?.metadata.namespace;
    // In a namespace that is yet to be made nothing can be tried.
    const isThere = namespace !== undefined && !fresh.has(namespace);
    return step.kind === "role-binding" && step.action !== "delete" && isThere ? namespace : undefined;
  };
  const first = new Map(plan.steps.map((step) => [placeOf(step), step]));
  first.delete(undefined);
  const said = await Promise.all(
    [...first.values()].slice(0, most).map(async (step) => {
      const { kind, key, action } = step;
      const operation = `try ${kind} ${key}`;
      const why =
        action === "delete"
          ? await refusalOfDelete(kubernetes, operation, found.get(identityOf(step)))
          : await refusalOf(kubernetes, operation, manifest(step, bindings, desired));
      return why === undefined ? [] : [safeText(`${action} ${kind} ${key}: ${why}`)];
    }),
  );
  return said.flat();
}

const refusalOf = (kubernetes: KubernetesClient, operation: string, { path, body }: ReturnType<typeof manifest>) =>
  kubernetes.refusal(operation, path, { apply: body });

function refusalOfDelete(kubernetes: KubernetesClient, operation: string, binding: KubernetesObject | undefined) {
  if (binding === undefined) throw new Bug(`${operation}: the plan deletes what was not there`);
  return kubernetes.refusal(operation, pathOfBinding(binding), "delete");
}
