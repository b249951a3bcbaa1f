import { identityOf, type Plan, type Step, safeText } from "../../reconcile/index.ts";
import { bindingsOf, pathOf } from "./bindings.ts";
import type { KubernetesClient } from "./client.ts";
import type { KubernetesDesired } from "./compile.ts";
import { manifest } from "./driver.ts";

/** So many namespaces are asked about, and so many roles: a first plan may hold thousands of bindings. */
const most = 20;

/**
 * What the account may not do of a plan, in words: the API server judges one binding of each namespace, and of each
 * role that is given in the whole cluster. Writes nothing. Throws `Fault`.
 */
export async function foreseeRefusals(
  kubernetes: KubernetesClient,
  desired: KubernetesDesired,
  plan: Plan,
): Promise<string[]> {
  const bindings = bindingsOf(desired);
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
          ? await kubernetes.refusal(operation, pathOf(kind, key), "delete")
          : await refusalOf(kubernetes, operation, manifest(step, bindings, desired));
      return why === undefined ? [] : [safeText(`${action} ${kind} ${key}: ${why}`)];
    }),
  );
  return said.flat();
}

const refusalOf = (kubernetes: KubernetesClient, operation: string, { path, body }: ReturnType<typeof manifest>) =>
  kubernetes.refusal(operation, path, { apply: body });
