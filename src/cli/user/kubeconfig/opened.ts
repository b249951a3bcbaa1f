import { isAbsolute, join, resolve } from "node:path";
import type { Result } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";
import { homeOf, type SettingOptions, variable } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";
import { openSession } from "../open-session.ts";
import { type PersonFile, readPersonFile } from "../person-file/person-file.ts";
import { orFailure as orPersonFailure, type Refusal } from "../person-file/person-yaml.ts";
import type { Session } from "../session/session.ts";
import type { TargetList } from "../session/targets.ts";
import type { Plugin, WantedCluster } from "./entries.ts";

/** Options that every command about a kubeconfig has. */
export interface KubeconfigOptions extends SettingOptions {
  readonly kubeconfig?: string;
}

/** Where kubectl writes: the option, else the first file of KUBECONFIG, else `~/.kube/config`. */
export function kubeconfigPath({ kubeconfig }: Pick<KubeconfigOptions, "kubeconfig">, env: Terminal["env"]): string {
  const listed = variable(env, "KUBECONFIG")
    ?.split(":")
    .find((path) => path !== "");
  const named = kubeconfig ?? listed;
  if (named !== undefined) return resolve(named);
  const home = homeOf(env);
  if (home !== undefined) return join(home, ".kube", "config");
  throw new CommandFailure("there is no kubeconfig to write", {
    means: "Neither KUBECONFIG nor HOME says where it is.",
    fix: "name it: --kubeconfig FILE",
  });
}

/** The session, and the kubeconfig as it is. */
export async function openKubeconfig(
  options: KubeconfigOptions,
  terminal: Terminal,
): Promise<{ readonly session: Session; readonly file: PersonFile }> {
  const session = await openSession(options, terminal);
  return { session, file: await readPersonFile(kubeconfigPath(options, terminal.env)) };
}

/** The clusters where the person has a right, as they are to stand in the file. */
export function wantedClusters({ targets }: TargetList): WantedCluster[] {
  return targets.flatMap((target) => {
    if (target.kind !== "kubernetes") return [];
    const spaces = new Set(
      target.entitlements.map(({ scope }) => (scope.kind === "namespace" ? scope.namespace : undefined)),
    );
    const [only] = spaces;
    return [
      {
        cluster: target.name,
        server: target.server,
        ...(target.certificate_authority !== undefined && { caPem: target.certificate_authority }),
        ...(spaces.size === 1 && only !== undefined && { namespace: only }),
      },
    ];
  });
}

/** How kubectl runs this very program, found by its full path: programs with windows have another PATH than a shell. */
export function pluginOf({ settings }: Session, [node = "", script]: readonly string[]): Plugin {
  const { issuer, caFile } = settings;
  return {
    issuer,
    command: node,
    args: script === undefined || script === node ? [] : [resolve(script)],
    ...(caFile !== undefined && { caFile: isAbsolute(caFile) ? caFile : resolve(caFile) }),
  };
}

/** What was made of the kubeconfig, or the failure that says why it was left alone. */
export const orFailure = <T>(result: Result<T, Refusal>, file: PersonFile): T =>
  orPersonFailure(result, file, "a kubeconfig", '--name "cloudpass-{cluster}"');
