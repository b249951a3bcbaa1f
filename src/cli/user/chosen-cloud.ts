import type { Command } from "commander";
import { suggest } from "../../yaml/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { SettingOptions } from "../settings.ts";
import { type ChosenScope, chooseScope, type ScopeWish } from "./exec-scope.ts";
import { personOptions } from "./open-session.ts";
import type { Session } from "./session/session.ts";
import { type ListedCloud, listTargets, type TargetList } from "./session/targets.ts";
import { type Missing, missingOn } from "./withheld.ts";

/** Options of a command that acts on one place of one cloud. */
export type CloudOptions = SettingOptions & ScopeWish & { readonly cloud: string };

/** `--project`, `--domain` */
export const placeOptions = (command: Command): Command =>
  personOptions(command)
    .option("--project <name>", "act on this project; needed only if you have several")
    .option("--domain", "act on the domain itself, as its manager");

/** A place of a cloud where the person has rights. */
export interface ChosenCloud {
  readonly cloud: ListedCloud;
  readonly scope: ChosenScope;
  readonly list: TargetList;
}

/** Finds the cloud and the place that the options name. Fails with the choices that there are. */
export async function chooseCloud(
  session: Session,
  { cloud: name, project, domain }: CloudOptions,
): Promise<ChosenCloud> {
  const list = await listTargets(session);
  const missing = missingOn(name, list.withheld ?? [], session.settings);
  const cloud = findCloud(list, name, missing);
  const wish = { ...(project !== undefined && { project }), ...(domain !== undefined && { domain }) };
  return { cloud, scope: chooseScope(cloud, wish, missing), list };
}

function findCloud({ targets }: TargetList, name: string, [missing]: readonly Missing[]): ListedCloud {
  const found = targets.find((target) => target.name === name);
  if (found?.kind === "openstack") return found;
  if (found !== undefined) {
    throw new CommandFailure(`${plain(name)} is a cluster, not a cloud`, {
      fix: "use kubectl with a kubeconfig whose exec section runs: cloudpass kube-credential --cluster NAME",
    });
  }
  if (missing) throw new CommandFailure(`this login carries no right on ${plain(name)}`, missing);
  const clouds = targets.filter((target) => target.kind === "openstack").map((target) => plain(target.name));
  throw new CommandFailure(`there is no cloud "${plain(name)}" for you`, { means: suggest(name, clouds) });
}
