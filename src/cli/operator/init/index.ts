import { resolve } from "node:path";
import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { type Federation, lookAtFirstFiles, nextSteps, writeFirstFiles } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { type Answers, askForFederation } from "./questions.ts";
import { filesAsJson, formatDryRun, formatWritten } from "./shown.ts";

interface Options extends Answers {
  readonly dryRun?: boolean;
  readonly output: string;
}

const several = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/** `cloudpass init` */
export function addInit(program: Command, terminal: Terminal, finish: Finish): void {
  outputOption(program.command("init"))
    .description("begin: write all files of a broker for a Keycloak, clouds and clusters that are there")
    .argument("[folder]", "where to; made if it is not there", ".")
    .option("--issuer <url>", "address of the broker, such as https://login.example; it stands in every token")
    .option("--keycloak <url>", "address of the Keycloak server")
    .option("--keycloak-user <name>", "an administrator there", "admin")
    .option("--realm <name>", "realm that is made there", "cloudpass")
    .option("--cloud <name=url>", "a cloud, with the address of its Keystone; again for each further one", several)
    .option(
      "--cluster <name=url>",
      "a cluster, with the address of its API server; again for each further one",
      several,
    )
    .option("--customer <name=domain,issuer>", "a customer: e-mail domain and identity provider; again …", several)
    .option("--tls-cert <file>", "PEM: the broker serves https by itself; without it a proxy ends TLS")
    .option("--tls-key <file>", "PEM: its key")
    .option("--ca-file <file>", "PEM: the private authority of the servers' certificates")
    .option("--dry-run", "show what would be written, and write nothing")
    .addHelpText(
      "after",
      `
Asks for what is not given. Nothing that is there is overwritten, and no server is asked.

Examples:
  cloudpass init
  cloudpass init federation --issuer https://login.example --keycloak https://keycloak.example \\
    --cloud gx1=https://api.gx1.example:5000/v3 --cluster prod1=https://k8s.prod1.example:6443 \\
    --customer acme=acme.example,https://idp.acme.example/realms/people`,
    )
    .action(async (folder: string, options: Options) => {
      await init(terminal, folder, options);
      finish(0);
    });
}

async function init(terminal: Terminal, folder: string, options: Options): Promise<void> {
  const federation: Federation = await askForFederation(terminal, options);
  const place = resolve(folder);
  const deps = { clock: terminal.clock, random: systemRandom };
  const made = await lookAtFirstFiles({ federation, folder: place }, deps);
  if (options.dryRun !== true) writeFirstFiles(made, place);
  const shown = { ...made, folder, next: nextSteps(federation, made), written: options.dryRun !== true };
  if (options.output === "json") show(terminal, JSON.stringify(filesAsJson(shown), undefined, 2));
  else show(terminal, ...(shown.written ? formatWritten(shown, terminal) : formatDryRun(shown)));
}
