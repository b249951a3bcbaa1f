import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { checkIdentityProvider, type NamedEnvironment } from "../../../operations/index.ts";
import { hasFailed, type Report, type Subject } from "../../../probe/index.ts";
import { showPainted } from "../../colours.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { screenOf } from "../../screen.ts";
import { show, type Terminal } from "../../terminal.ts";
import { reportAsJson } from "../as-json.ts";
import { formatReport } from "../format-report.ts";
import { maybeEnvironment, optionalEnvironment } from "./files.ts";

interface Options {
  readonly environment?: string;
  readonly output: string;
}

/** `cloudpass idp check` */
export function addCheck(idp: Command, terminal: Terminal, finish: Finish): void {
  outputOption(
    optionalEnvironment(idp.command("check").argument("<provider>", "issuer, address of metadata, or a file of it")),
  )
    .description("look at an identity provider before it is connected; exit code 1 if logins would fail or be unsafe")
    .addHelpText(
      "after",
      `
Exit codes: 0 good, or only warnings; 1 something fails; 3 it could not be reached.

Examples:
  cloudpass idp check https://idp.customer.example
  cloudpass idp check https://idp.customer.example/realms/staff/protocol/saml/descriptor
  cloudpass idp check metadata.xml --output json`,
    )
    .action(async (identityProvider: string, options: Options) => {
      const environment = await maybeEnvironment(terminal, options.environment);
      const wanted = { subject: subjectOf(identityProvider), ...(environment && { environment }) };
      const report = await checkIdentityProvider(wanted, terminal);
      if (options.output === "json") show(terminal, JSON.stringify(reportAsJson(report), undefined, 2));
      else showPainted(terminal, formatReport(report, screenOf(terminal)));
      finish(exitCodeOf(report));
    });
}

const exitCodeOf = (report: Report): number => {
  if (!report.reached) return exitCodes.unreachable;
  return hasFailed(report) ? exitCodes.error : exitCodes.ok;
};

/** An address, or a file of metadata. */
export function subjectOf(text: string): Subject {
  if (/^https?:\/\//i.test(text)) return { address: text };
  if (!existsSync(text)) {
    throw new CommandFailure(`"${plain(text)}" is neither an address nor a file`, {
      fix: "give an issuer like https://idp.example, or a file of metadata",
    });
  }
  return { text: readFileSync(text, "utf8"), about: text };
}

/** Refuses to go on with a provider with which logins would fail. */
export async function mustPass(
  terminal: Terminal,
  subject: Subject,
  environment: NamedEnvironment | undefined,
): Promise<void> {
  const report = await checkIdentityProvider({ subject, ...(environment && { environment }) }, terminal);
  showPainted(terminal, formatReport(report, screenOf(terminal)));
  if (!hasFailed(report)) return;
  throw new CommandFailure("nothing was written: the check of the identity provider failed", {
    fix: "mend what fails above, or give --unchecked",
    exitCode: report.reached ? exitCodes.error : exitCodes.unreachable,
  });
}
