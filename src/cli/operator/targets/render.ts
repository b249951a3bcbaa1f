import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { renderTargetFiles } from "../../../operations/index.ts";
import type { RenderedFile } from "../../../targets/index.ts";
import { checkIssuer } from "../../check-issuer.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { renamed } from "../as-json.ts";
import { readEnvironment, readPolicy } from "../files.ts";

interface Options {
  readonly policies: readonly string[];
  readonly environment?: string;
  readonly issuer?: string;
  readonly jwksUri?: string;
  readonly caFile?: string;
  readonly dir?: string;
  readonly output: string;
}

/** `cloudpass targets render` */
export function addRender(targets: Command, terminal: Terminal, finish: Finish): void {
  outputOption(targets.command("render"))
    .description("files for a cloud's Apache or a cluster's API server, and for its users; none holds a secret")
    .argument("<target>", "cloud or cluster of the policy")
    .option("-p, --policies <path...>", "policy files, folders, and bare repositories of tenants' files", ["policies"])
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
    .action(async (target: string, options: Options) => {
      const files = await render(terminal, target, options);
      if (options.dir !== undefined) writeFiles(terminal, options.dir, files);
      else if (options.output === "json") show(terminal, JSON.stringify(files.map(fileAsJson), undefined, 2));
      else show(terminal, ...files.flatMap(({ file, text, instruction }) => [`# ==> ${file}: ${instruction}`, text]));
      finish(0);
    });
}

async function render(terminal: Terminal, target: string, options: Options): Promise<readonly RenderedFile[]> {
  const environment = options.environment === undefined ? undefined : readEnvironment(options.environment, terminal);
  const issuer = options.issuer ?? environment?.issuer;
  if (issuer === undefined) {
    throw new CommandFailure("which broker?", { fix: "give --issuer https://… or --environment FILE" });
  }
  const caFile = options.caFile ?? environment?.caFile;
  return renderTargetFiles({
    issuer: checkIssuer(issuer),
    ...(options.jwksUri !== undefined && { jwksUri: options.jwksUri }),
    ...(caFile !== undefined && { caPem: readPem(caFile) }),
    ...(environment !== undefined && { environment }),
    policy: await readPolicy(terminal, options.policies, environment),
    target,
  });
}

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
