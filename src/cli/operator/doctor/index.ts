import type { Command } from "commander";
import { systemRandom, type TargetName } from "../../../core/index.ts";
import { type DoctorReport, examineCloud, examineCluster, type SignTrial } from "../../../targets/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { findingAsJson } from "../as-json.ts";
import { readBrokerConfig } from "../broker-config.ts";
import { openEnvironment, readEnvironment, readPolicy } from "../files.ts";
import { formatReport } from "../idp/check.ts";
import { untilInterrupted } from "../interrupt.ts";
import { connectionOf, selectTargets } from "../policies/index.ts";
import type { Operate } from "../tools.ts";

interface Options {
  readonly environment: string;
  readonly policies: readonly string[];
  readonly config?: string;
  readonly output: string;
}

type Examine = (terminal: Terminal, target: string, options: Options, sign: Signer) => Promise<DoctorReport>;

/** Where tokens for trying doors come from; without a broker's configuration there are none. */
type Signer = { readonly issuer: string; readonly sign?: SignTrial };

/** `cloudpass doctor cloud|cluster` */
export function addDoctor(program: Command, operate: Operate, terminal: Terminal, finish: Finish): void {
  const doctor = program.command("doctor").description("look at clouds and clusters as they really behave");
  const add = (kind: "cloud" | "cluster", message: string, more: string, examine: Examine): void => {
    outputOption(doctor.command(kind))
      .description(message)
      .argument(`<${kind}>`, `${kind} of the policy`)
      .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
      .option("-p, --policies <path...>", "policy files and folders", ["policies"])
      .option("-c, --config <file>", "the broker's configuration: its key signs the tokens that are tried")
      .addHelpText(
        "after",
        `
${more} With --config it tries tokens that must be refused; they
are nobody's, live a minute, and their making stands in the audit.
Exit codes: 0 good, or only warnings; 1 something is wrong; 3 it did not answer.

Example:
  cloudpass doctor ${kind} ${kind === "cloud" ? "gx1" : "prod1"} --environment production.yaml --config broker.yaml`,
      )
      .action(async (target: string, options: Options) => {
        const report = await withSigner(terminal, operate, target, options, (sign) =>
          examine(terminal, target, options, sign),
        );
        if (options.output === "json")
          show(
            terminal,
            JSON.stringify({ version: 1, ...report, findings: report.findings.map(findingAsJson) }, undefined, 2),
          );
        else show(terminal, ...formatReport(report));
        finish(report.findings.some((f) => f.level === "fail") ? exitCodes.error : exitCodes.ok);
      });
  };
  add(
    "cloud",
    "release, policy settings, what domain managers may assign, mappings, and the web server in front",
    "Makes two domains (cloudpass--check-…) for some seconds, and removes them.",
    cloud,
  );
  add("cluster", "roles, metrics, prefix, and which tokens the API server honours", "Writes nothing.", cluster);
}

async function withSigner<T>(
  terminal: Terminal,
  operate: Operate,
  target: string,
  { config, environment }: Options,
  work: (signer: Signer) => Promise<T>,
): Promise<T> {
  if (config === undefined) return work({ issuer: readEnvironment(environment, terminal).issuer });
  return operate(readBrokerConfig(config, terminal), async ({ trials }) =>
    work({ issuer: trials.issuer, sign: await trials.signerFor(target as TargetName) }),
  );
}

async function reach(terminal: Terminal, target: string, options: Options) {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = readPolicy(options.policies, environment);
  const [name] = selectTargets(policy, [target]);
  const connection = name && connectionOf(policy, environment, name);
  if (name !== undefined && connection !== undefined) return { target: policy.targets.get(name), connection };
  throw new CommandFailure(`${options.environment} says no way to ${target}`, { fix: `add "${target}" to it` });
}

const notThat = (target: string, kind: string) => new CommandFailure(`"${target}" is no ${kind} of the policy`);

const cloud: Examine = async (terminal, name, options, signer) => {
  const { target, connection } = await reach(terminal, name, options);
  if (target?.kind !== "openstack" || !("authUrl" in connection)) throw notThat(name, "cloud");
  notify(terminal, `looking at cloud ${name} …`);
  const deps = { clock: terminal.clock, random: systemRandom };
  return untilInterrupted(terminal, "removing what was made …", (signal) =>
    examineCloud(target.name, connection, { ...signer, signal }, deps),
  );
};

const cluster: Examine = async (terminal, name, options, signer) => {
  const { target, connection } = await reach(terminal, name, options);
  if (target?.kind !== "kubernetes" || !("server" in connection)) throw notThat(name, "cluster");
  notify(terminal, `looking at cluster ${name} …`);
  return examineCluster(target, connection, signer, { clock: terminal.clock, random: systemRandom });
};
