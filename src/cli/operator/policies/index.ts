import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { Environment } from "../../../config/index.ts";
import { systemRandom, type TargetName } from "../../../core/index.ts";
import type { Policy, Target } from "../../../policy/index.ts";
import {
  applyTarget,
  formatWorstCase,
  kubernetesConnectionFromKubeconfig,
  planTarget,
  type TargetConnection,
} from "../../../targets/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { notify, type Terminal } from "../../terminal.ts";
import { must, openEnvironment, readPolicy } from "../files.ts";
import { applyOptions, planOptions } from "../plan-options.ts";
import type { Plannable } from "../planned.ts";
import { type ApplyFlags, applyAll, type PlanFlags, showPlans } from "../planning.ts";
import { addCheck, formatWarning } from "./check.ts";
import { addExplain } from "./explain.ts";

interface Options {
  readonly environment: string;
  readonly target?: readonly string[];
}

/** `cloudpass policies check|plan|apply|explain` */
export function addPolicies(program: Command, terminal: Terminal, finish: Finish): void {
  const policies = program.command("policies").description("who may do what, on clouds and clusters");
  const shared = (command: Command): Command =>
    command
      .argument("[paths...]", "policy files and folders", ["policies"])
      .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
      .option("--target <name...>", "only these clouds and clusters");
  addCheck(policies, terminal, finish);
  planOptions(shared(policies.command("plan")))
    .description("what apply would do; exit code 2 if anything")
    .addHelpText("after", "\nExample:\n  cloudpass policies plan policies/ --environment production.yaml")
    .action(async (paths: string[], options: Options & PlanFlags) => {
      const { policy, targets, plannables } = await targetsOf(terminal, paths, options);
      notify(terminal, ...policy.warnings(terminal.clock.now()).map(formatWarning));
      const code = await showPlans(terminal, plannables, options);
      notify(terminal, ...targets.map(formatWorstCase));
      finish(code);
    });
  applyOptions(shared(policies.command("apply")))
    .description("make clouds and clusters give what the policy says, and no more")
    .addHelpText(
      "after",
      "\nShows the plan, asks, takes rights away before it gives any, reads back. Running it again does nothing.\n\nExample:\n  cloudpass policies apply policies/ --environment production.yaml --target gx1",
    )
    .action(async (paths: string[], options: Options & ApplyFlags) => {
      finish(await applyAll(terminal, (await targetsOf(terminal, paths, options)).plannables, options));
    });
  addExplain(policies, terminal, finish);
}

async function targetsOf(
  terminal: Terminal,
  paths: readonly string[],
  options: Options,
): Promise<{ policy: Policy; targets: Target[]; plannables: Plannable[] }> {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = readPolicy(paths, environment);
  const reachable: [TargetName, TargetConnection][] = [];
  for (const target of selectTargets(policy, options.target)) {
    const connection = connectionOf(policy, environment, target);
    if (connection !== undefined) reachable.push([target, connection]);
    else if (options.target === undefined)
      notify(terminal, `skipped ${target}: ${options.environment} says no way to it`);
    else throw new CommandFailure(`${options.environment} says no way to ${target}`, { fix: `add "${target}" to it` });
  }
  if (reachable.length === 0) {
    throw new CommandFailure(`${options.environment} says no way to any target of the policy`, {
      means: `The policy has: ${[...policy.targets.keys()].join(", ")}.`,
      fix: 'add them under "clouds" and "clusters"',
    });
  }
  const targets = reachable.flatMap(([target]) => policy.targets.get(target) ?? []);
  const plannables = reachable.map(
    ([target, connection]): Plannable => ({
      name: `${policy.targets.get(target)?.kind === "openstack" ? "cloud" : "cluster"} ${target}`,
      plan: async () => {
        const deps = { clock: terminal.clock, random: systemRandom };
        const planned = await planTarget(policy, target, connection, deps);
        const said = [...planned.leftOut, ...planned.refused].map((message) => `  ! ${message}`);
        notify(terminal, `  ${planned.requests} requests`, ...said);
        return { plan: planned.plan, apply: (how) => applyTarget(planned, how) };
      },
    }),
  );
  return { policy, targets, plannables };
}

/** The wanted targets, or all, in the policy's order. */
export function selectTargets(policy: Policy, wanted: readonly string[] | undefined): TargetName[] {
  const names = [...policy.targets.keys()];
  for (const name of wanted ?? []) {
    if (!names.some((known) => known === name)) {
      throw new CommandFailure(`the policy has no target "${name}"`, { means: suggest(name, names) });
    }
  }
  return wanted === undefined ? names : names.filter((name) => wanted.includes(name));
}

/** The way to a target, when the environment file says one. */
export function connectionOf(
  policy: Policy,
  environment: Environment,
  target: TargetName,
): TargetConnection | undefined {
  if (policy.targets.get(target)?.kind === "openstack") return environment.clouds[target];
  const cluster = environment.clusters[target];
  if (cluster === undefined) return undefined;
  const { kubeconfigFile: file, context } = cluster;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CommandFailure(`the kubeconfig ${file} of ${target} cannot be read`, { fix: "check the path", cause });
  }
  const options = { file, ...(context !== undefined && { context }) };
  return must(kubernetesConnectionFromKubeconfig(text, options), "the kubeconfig");
}
