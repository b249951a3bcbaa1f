import { type Environment, readYamlFiles } from "../../config/index.ts";
import type { Policy } from "../../policy/index.ts";
import {
  kubernetesConnectionFromKubeconfig,
  type RenderedFile,
  type RenderFacts,
  renderTarget,
} from "../../targets/index.ts";
import { knownTarget } from "./reach.ts";

/** What files are made for. */
interface TargetFiles extends Pick<RenderFacts, "issuer" | "caPem"> {
  readonly policy: Policy;
  readonly target: string;
  /** Where the broker's keys are; absent: `<issuer>/jwks`. */
  readonly jwksUri?: string;
  readonly environment?: Environment;
}

/** The files for a cloud's Apache or a cluster's API server, and for its users; none holds a secret. Asks no server. */
export function renderTargetFiles(wanted: TargetFiles): readonly RenderedFile[] {
  const { policy, issuer, jwksUri = `${issuer}/jwks`, caPem, environment } = wanted;
  const { name } = knownTarget(policy, wanted.target);
  const facts = { issuer, jwksUri, ...(caPem !== undefined && { caPem }) };
  return renderTarget(policy, name, { ...facts, ...clusterCa(environment?.clusters[name]) });
}

/**
 * The authority that our own account's kubeconfig names: the users' needs the same, and nothing else of it. Nothing where it
 * is not there yet, or is of a kind that we do not follow.
 */
function clusterCa(reached: Environment["clusters"][string] | undefined): { readonly clusterCaPem?: string } {
  if (reached === undefined) return {};
  const { kubeconfigFile: file, context } = reached;
  const files = readYamlFiles([file]);
  const [found] = files.ok ? files.value : [];
  const options = { file, ...(context !== undefined && { context }) };
  const connection = found && kubernetesConnectionFromKubeconfig(found.text, options);
  return connection?.ok && connection.value.caPem !== undefined ? { clusterCaPem: connection.value.caPem } : {};
}
