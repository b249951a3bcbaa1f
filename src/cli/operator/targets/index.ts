import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { type Environment, readYamlFiles } from "../../../config/index.ts";
import { kubernetesConnectionFromKubeconfig, type RenderedFile, renderTarget } from "../../../targets/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { checkIssuer } from "../../settings.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { renamed } from "../as-json.ts";
import { readEnvironment, readPolicy } from "../files.ts";
import { selectTargets } from "../policies/index.ts";
import { addScsCheck } from "./scs-check.ts";

interface Options {
  readonly policies: readonly string[];
  readonly environment?: string;
  readonly issuer?: string;
  readonly jwksUri?: string;
  readonly caFile?: string;
  readonly dir?: string;
  readonly output: string;
}

/** `cloudpass targets render|scs-check` */
export function addTargets(program: Command, terminal: Terminal, finish: Finish): void {
  const targets = program
    .command("targets")
    .description("clouds and clusters: what no API can set, and proof of what they do");
  addScsCheck(targets, terminal, finish);
  outputOption(targets.command("render"))
    .description("files for a cloud's Apache or a cluster's API server, and for its users; none holds a secret")
    .argument("<target>", "cloud or cluster of the policy")
    .option("-p, --policies <path...>", "policy files and folders", ["policies"])
    .option("-e, --environment <file>", "environment file: names issuer and private certificate authority")
    .option("--issuer <url>", "the broker, if no environment file names it")
    .option("--jwks-uri <url>", "where the broker's keys are; else <issuer>/jwks")
    .option("--ca-file <file>", "PEM file of the authority of the broker's certificate, if it is a private one")
    .option("-d, --dir <folder>", "write the files there instead of showing them")
    .addHelpText(
      "after",
      `
Examples:
  cloudpass targets render gx1 --issuer https://login.example
  cloudpass targets render prod1 --environment production.yaml --dir rendered/`,
    )
    .action((target: string, options: Options) => {
      const files = render(terminal, target, options);
      if (options.dir !== undefined) writeFiles(terminal, options.dir, files);
      else if (options.output === "json") show(terminal, JSON.stringify(files.map(fileAsJson), undefined, 2));
      else show(terminal, ...files.flatMap(({ file, text, instruction }) => [`# ==> ${file}: ${instruction}`, text]));
      finish(0);
    });
}

function render(terminal: Terminal, target: string, options: Options): RenderedFile[] {
  const environment = options.environment === undefined ? undefined : readEnvironment(options.environment, terminal);
  const issuer = options.issuer ?? environment?.issuer;
  if (issuer === undefined) {
    throw new CommandFailure("of which broker?", { fix: "give --issuer https://… or --environment FILE" });
  }
  const facts = { issuer: checkIssuer(issuer), jwksUri: options.jwksUri ?? `${checkIssuer(issuer)}/jwks` };
  const caFile = options.caFile ?? environment?.caFile;
  const caPem = caFile === undefined ? {} : { caPem: readPem(caFile) };
  const policy = readPolicy(options.policies, environment);
  return selectTargets(policy, [target]).flatMap((name) =>
    renderTarget(policy, name, { ...facts, ...caPem, ...clusterCa(environment?.clusters[name]) }),
  );
}

/**
 * The authority that our own account's kubeconfig names: the users' needs the same, and nothing else of it. Nothing where it
 * is not there yet, or is of a kind that we do not follow.
 */
function clusterCa(reached: Environment["clusters"][string] | undefined): { readonly clusterCaPem?: string } {
  if (reached === undefined) return {};
  const { kubeconfigFile: file, context } = reached;
  const [found] = readFiles([file]);
  const options = { file, ...(context !== undefined && { context }) };
  const connection = found && kubernetesConnectionFromKubeconfig(found.text, options);
  return connection?.ok && connection.value.caPem !== undefined ? { clusterCaPem: connection.value.caPem } : {};
}

const readFiles = (paths: readonly string[]) => {
  const files = readYamlFiles(paths);
  return files.ok ? files.value : [];
};

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new CommandFailure(`the file ${file} cannot be read`, { fix: "check the path", cause });
  }
}

function writeFiles(terminal: Terminal, folder: string, files: readonly RenderedFile[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { file, text } of files) writeFileSync(join(folder, file), text);
  } catch (cause) {
    throw new CommandFailure(`the folder ${folder} cannot be written`, { fix: "check its permissions", cause });
  }
  for (const { file, instruction } of files) notify(terminal, `${join(folder, file)}: ${instruction}`);
}

/** A rendered file as programs know it. */
const fileAsJson = (file: RenderedFile) => renamed(file, "instruction", "says");
