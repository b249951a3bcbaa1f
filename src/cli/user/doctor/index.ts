import type { Command } from "commander";
import { makeFindings, systemRandom } from "../../../core/index.ts";
import { showPainted } from "../../colours.ts";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { reportAsJson } from "../../operator/as-json.ts";
import { formatReport } from "../../operator/format-report.ts";
import { outputOption } from "../../output.ts";
import { screenOf } from "../../screen.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { examineMachine } from "./examine.ts";

/** `cloudpass doctor`, to which operators' own doctors are added. `self`: how this very program is run. */
export function addDoctor(program: Command, self: readonly string[], terminal: Terminal, finish: Finish): Command {
  return outputOption(personOptions(program.command("doctor")))
    .description("find what is wrong on this machine, and say how to mend it")
    .addHelpText(
      "after",
      `
Looks at your settings and login, the way to the broker, the clock, your rights, and the files of kubectl and
openstack. It changes nothing but what every command does: the login is refreshed, a file that others could read
is made private.
Exit codes: 0 good, or only warnings; 1 something is wrong.

Examples:
  cloudpass doctor
  cloudpass doctor --output json`,
    )
    .action(async ({ output, ...options }: SettingOptions & { readonly output: string }) => {
      const findings = makeFindings();
      await examineMachine({ options, self, terminal, random: systemRandom, findings });
      const report = { about: "this machine", findings: findings.list };
      if (output === "json") show(terminal, JSON.stringify(reportAsJson(report), undefined, 2));
      else showPainted(terminal, formatReport(report, screenOf(terminal)));
      finish(findings.list.some(({ level }) => level === "fail") ? exitCodes.error : exitCodes.ok);
    });
}
