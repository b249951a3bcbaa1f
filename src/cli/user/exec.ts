import type { Command } from "commander";
import { suggest } from "../../yaml/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import type { SettingOptions } from "../settings.ts";
import { notify, type Terminal } from "../terminal.ts";
import { childEnvironment, cloudsYaml, writePrivateFile } from "./clouds-yaml.ts";
import { chooseScope, type ScopeWish } from "./exec-scope.ts";
import { formatCarried } from "./format-carried.ts";
import { openSession, personOptions } from "./open-session.ts";
import { runChild } from "./run-child.ts";
import { type ListedCloud, listTargets, type TargetList } from "./session/targets.ts";
import { type Missing, missingOn } from "./withheld.ts";

type Options = SettingOptions & ScopeWish & { readonly cloud: string };

/** `cloudpass exec` */
export function addExec(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("exec"))
    .description("run a command with the rights you have on a cloud")
    .requiredOption("--cloud <name>", "the cloud; see cloudpass status")
    .option("--project <name>", "act on this project; needed only if you have several")
    .option("--domain", "act on the domain itself, as its manager")
    .argument("<command...>", "what to run, after --")
    .addHelpText(
      "after",
      `
The command finds a private clouds.yaml by OS_CLIENT_CONFIG_FILE and its entry by OS_CLOUD. The file holds an access
token of some minutes' life and is removed when the command ends. Variables of another openrc are not passed on.

Examples:
  cloudpass exec --cloud gx1 -- openstack server list
  cloudpass exec --cloud gx1 --project dev -- tofu plan
  cloudpass exec --cloud gx1 --domain -- openstack project list`,
    )
    .action(async (command: string[], { cloud: name, project, domain, ...settings }: Options) => {
      const session = await openSession(settings, terminal);
      const list = await listTargets(session);
      const missing = missingOn(name, list.withheld ?? [], session.settings);
      const cloud = findCloud(list, name, missing);
      const wish = { ...(project !== undefined && { project }), ...(domain !== undefined && { domain }) };
      const scope = chooseScope(cloud, wish, missing);
      const { token } = await session.access(cloud.name);
      const exitCode = await runWith(terminal, cloud, cloudsYaml(cloud, scope, token), command);
      // What openstack and tofu end with when a cloud refuses them. Other codes say something else.
      if (exitCode === 1) {
        const now = terminal.clock.now() + (await session.skew());
        notify(terminal, formatCarried(cloud, scope, token, now));
      }
      finish(exitCode);
    });
}

async function runWith(
  terminal: Terminal,
  cloud: ListedCloud,
  text: string,
  command: readonly string[],
): Promise<number> {
  const file = writePrivateFile("clouds.yaml", text);
  try {
    const { env, dropped } = childEnvironment(terminal.env, cloud.name, file.path);
    if (dropped.length > 0) notify(terminal, `cloudpass: not passed on: ${dropped.join(", ")}`);
    const [program = "", ...args] = command;
    return await runChild(program, args, { env, sharesTerminal: terminal.stdin.isTTY === true });
  } finally {
    file.remove();
  }
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
