import type { Command } from "commander";
import type { TargetName } from "../../../core/index.ts";
import { type Examination, trialSigner } from "../../../operations/index.ts";
import type { DoctorReport } from "../../../targets/index.ts";
import { showPainted } from "../../colours.ts";
import { exitCodes } from "../../failure.ts";
import { outputOption } from "../../output.ts";
import { screenOf } from "../../screen.ts";
import { show, type Terminal } from "../../terminal.ts";
import { operatorActor } from "../actor.ts";
import { reportAsJson } from "../as-json.ts";
import { type OnBroker, readBrokerConfig } from "../broker.ts";
import { openEnvironment, readEnvironment, readPolicy } from "../files.ts";
import { formatReport } from "../format-report.ts";

/** What `doctor` is told. */
export interface DoctorOptions {
  readonly environment: string;
  readonly policies: readonly string[];
  readonly config?: string;
  readonly output: string;
  /** Also what nobody can tell from outside, each by itself. */
  readonly all?: boolean;
}

type Kind = Examination["kind"];

/** The argument, the options and the help of a `doctor`. */
export const doctorOptions = (
  command: Command,
  { kind, example, writes }: { readonly kind: Kind; readonly example: string; readonly writes: string },
): Command =>
  outputOption(command)
    .argument(`<${kind}>`, `${kind} of the policy`)
    .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
    .option("-p, --policies <path...>", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .option("-c, --config <file>", "the broker's configuration: its key signs the tokens that are tried")
    .addHelpText(
      "after",
      `
${writes} With --config it tries tokens that must be refused; they
are nobody's, live a minute, and their making stands in the audit.
Exit codes: 0 good, or only warnings; 1 something is wrong; 3 it did not answer.

Example:
  cloudpass doctor ${kind} ${example} --environment production.yaml --config broker.yaml`,
    );

/** What is to be examined; with a broker's configuration its keys sign the tokens that are tried. */
export async function examination(
  terminal: Terminal,
  onBroker: OnBroker,
  { kind, name, options }: { readonly kind: Kind; readonly name: string; readonly options: DoctorOptions },
  examine: (wanted: Examination) => Promise<DoctorReport>,
): Promise<DoctorReport> {
  const wanted = async (trial: Pick<Examination, "issuer" | "sign">): Promise<Examination> => {
    const environment = await openEnvironment(terminal, options.environment);
    return {
      kind,
      target: name,
      policy: await readPolicy(terminal, options.policies, environment),
      environment,
      ...trial,
    };
  };
  if (options.config === undefined) {
    return examine(await wanted({ issuer: readEnvironment(options.environment, terminal).issuer }));
  }
  return onBroker(readBrokerConfig(options.config, terminal), async (state) => {
    const sign = await trialSigner({ target: name as TargetName }, state, operatorActor());
    return examine(await wanted({ issuer: state.config.issuer, sign }));
  });
}

/** Shows what was found; answers the exit code. */
export function showReport(
  terminal: Terminal,
  report: DoctorReport,
  { output, all = false }: Pick<DoctorOptions, "output" | "all">,
): number {
  if (output === "json") show(terminal, JSON.stringify(reportAsJson(report), undefined, 2));
  else showPainted(terminal, formatReport(report, { ...screenOf(terminal), whole: all }));
  return report.findings.some((f) => f.level === "fail") ? exitCodes.error : exitCodes.ok;
}
