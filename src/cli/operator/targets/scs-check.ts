import { readFile } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { checkScsOf, removeScsLeftoversOf } from "../../../operations/index.ts";
import { formatScsReport, type ScsReport } from "../../../targets/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { renamed } from "../as-json.ts";
import { openEnvironment } from "../files.ts";
import { untilInterrupted } from "../interrupt.ts";
import { listenerOf } from "../progress.ts";

interface Options {
  readonly environment: string;
  readonly tokenFile?: string;
  readonly cleanUp?: boolean;
  readonly output: string;
}

/** `cloudpass targets scs-check` */
export function addScsCheck(targets: Command, terminal: Terminal, finish: Finish): void {
  outputOption(targets.command("scs-check"))
    .description("prove by doing that a cloud keeps the domain manager standard (scs-0302-v1)")
    .argument("<cloud>", "cloud of the environment file")
    .requiredOption("-e, --environment <file>", "where the cloud is, and with which account")
    .option(
      "--token-file <file>",
      "an access token of the broker for this cloud, to try a federated manager too; - = stdin",
    )
    .option("--clean-up", "only remove what earlier runs left that were killed")
    .addHelpText(
      "after",
      `
Makes two domains with users, groups and projects, tries as their manager everything that the standard grants and
everything that it forbids, and removes them again, also after Ctrl-C. All names begin with cloudpass--check-.
Exit codes: 0 conformant, 1 not conformant, 3 the cloud did not answer.

Examples:
  cloudpass targets scs-check gx1 --environment production.yaml
  cloudpass token --target gx1 | cloudpass targets scs-check gx1 --environment production.yaml --token-file - --output json`,
    )
    .action(async (cloud: string, options: Options) => {
      const wanted = { cloud, environment: await openEnvironment(terminal, options.environment) };
      const deps = { clock: terminal.clock, random: systemRandom, listener: listenerOf(terminal) };
      if (options.cleanUp === true) {
        const count = await removeScsLeftoversOf(wanted, deps);
        notify(terminal, count === 0 ? "nothing was left" : `removed ${count} things that earlier runs left`);
        return finish(exitCodes.ok);
      }
      const accessToken = await readToken(terminal, options.tokenFile);
      const question = { ...wanted, ...(accessToken !== undefined && { accessToken }) };
      const report = await untilInterrupted(terminal, "removing what was made …", (signal) =>
        checkScsOf(question, { ...deps, signal }),
      );
      return finish(print(terminal, report, options, accessToken !== undefined));
    });
}

function print(terminal: Terminal, report: ScsReport, { output }: Options, federated: boolean): number {
  if (output === "json") show(terminal, JSON.stringify(scsReportAsJson(report), undefined, 2));
  else show(terminal, ...formatScsReport(report));
  if (!federated) notify(terminal, "A federated manager was not tried: give its access token with --token-file.");
  return report.pass ? exitCodes.ok : exitCodes.error;
}

async function readToken(terminal: Terminal, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const where = file === "-" ? "standard input" : `the token file ${file}`;
  const token = await (file === "-" ? readStream(terminal.stdin) : readFile(file, "utf8")).catch((cause: unknown) => {
    throw new CommandFailure(`${where} cannot be read`, { fix: "check the path", cause });
  });
  if (token.trim() !== "") return token.trim();
  // A command before the pipe that failed must not look like a cloud that failed.
  throw new CommandFailure(`no token on ${where}: it is empty`, {
    means: "Nothing was tried.",
    fix: "see what cloudpass token --target CLOUD says by itself",
  });
}

/** The evidence as programs know it. */
const scsReportAsJson = (report: ScsReport) => ({
  ...report,
  checks: report.checks.map((check) => renamed(check, "action", "says")),
});
