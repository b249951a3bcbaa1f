import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { type Command, Option } from "commander";
import { formatScope } from "../../core/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { formatCommand, type SettingOptions, stateFolder, variable } from "../settings.ts";
import { shellWords } from "../shell-words.ts";
import { formatDuration, notify, show, type Terminal } from "../terminal.ts";
import { type ChosenCloud, chooseCloud, placeOptions } from "./chosen-cloud.ts";
import type { ScopeWish } from "./exec-scope.ts";
import { openSession } from "./open-session.ts";
import { cloudsYaml, overridesCloud, type PrivateClouds, variablesFor, writePrivateClouds } from "./private-clouds.ts";
import type { Session } from "./session/session.ts";
import { ticketFor, warnIfEnding } from "./ticket.ts";

interface EnvOptions extends SettingOptions, ScopeWish {
  readonly cloud?: string;
  readonly shell?: "sh" | "fish";
  readonly unset?: boolean;
}

/** `cloudpass env` */
export function addEnv(program: Command, terminal: Terminal, finish: Finish): void {
  placeOptions(program.command("env").option("--cloud <name>", "the cloud; see cloudpass status"))
    .description("let this shell's commands use a cloud: eval what is printed")
    .addOption(new Option("--shell <shell>", "for which; else by SHELL").choices(["sh", "fish"]))
    .option("--unset", "take it back: the variables, and the file with the token")
    .addHelpText(
      "after",
      `
What is printed names a private file, and holds no secret. The file holds a token of the cloud's, good for about an hour:
run the same again, and it is renewed for every shell that uses it. It goes with --unset (for every shell, too), with
cloudpass logout, or where the system clears it at the end of your session.

Examples:
  eval "$(cloudpass env --cloud gx1)"
  eval "$(cloudpass env --cloud gx1 --project dev)"
  eval "$(cloudpass env --unset)"
  cloudpass env --cloud gx1 --shell fish | source`,
    )
    .action(async ({ cloud, ...options }: EnvOptions) => {
      const session = await openSession(options, terminal);
      const lines = linesFor(options.shell ?? shellOf(terminal));
      if (options.unset === true) show(terminal, ...takeBack(session, terminal).map(lines.unset));
      else if (cloud === undefined) {
        throw new CommandFailure("which cloud?", { fix: "name it: cloudpass env --cloud NAME; see cloudpass status" });
      } else {
        const chosen = await chooseCloud(session, { ...options, cloud });
        await warnIfEnding(session, chosen.list, terminal);
        const variables = variablesFor(chosen.cloud.name, await writeFor(session, chosen, terminal));
        const others = Object.keys(terminal.env).filter(
          (name) => overridesCloud(name) && !Object.hasOwn(variables, name),
        );
        show(terminal, ...others.map(lines.unset));
        show(terminal, ...Object.entries(variables).map(([name, value]) => lines.set(name, value)));
      }
      finish(0);
    });
}

/** How a shell sets and forgets a variable. */
const linesFor = (shell: "sh" | "fish") =>
  shell === "fish"
    ? {
        set: (name: string, value: string) => `set -gx ${name} ${shellWords([value])};`,
        unset: (name: string) => `set -e ${name};`,
      }
    : {
        set: (name: string, value: string) => `export ${name}=${shellWords([value])};`,
        unset: (name: string) => `unset ${name};`,
      };

const shellOf = ({ env }: Terminal): "sh" | "fish" =>
  basename(variable(env, "SHELL") ?? "") === "fish" ? "fish" : "sh";

/**
 * The folder of an issuer's files for shells: where the system clears it at the end of the person's session, else beside the
 * login.
 */
export function shellFolder(session: Session, env: Terminal["env"]): string {
  const runtime = variable(env, "XDG_RUNTIME_DIR");
  const base = runtime !== undefined && isAbsolute(runtime) ? join(runtime, "cloudpass") : stateFolder(env);
  return join(base, "shells", basename(session.file.path, ".json"));
}

/** One file for each place, whatever shells use it: none is left over, and a renewal reaches all. */
async function writeFor(session: Session, chosen: ChosenCloud, terminal: Terminal): Promise<PrivateClouds> {
  const { cloud, scope } = chosen;
  const { ticket, expiresAt } = await ticketFor(session, cloud, terminal);
  const place = [cloud.name, scope.domain, scope.kind === "project" ? scope.project : ""].map(encodeURIComponent);
  const folder = join(shellFolder(session, terminal.env), place.join("+"));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = writePrivateClouds(folder, cloudsYaml(cloud, scope, ticket));
    const left = formatDuration(expiresAt - terminal.clock.now());
    notify(
      terminal,
      `cloudpass: ${plain(cloud.name)}, ${plain(formatScope(scope))}, for ${left}; renew it with the same command`,
      `cloudpass: take it back: eval "$(${formatCommand(session.settings, "env --unset")})"`,
    );
    return file;
  } catch (cause) {
    throw new CommandFailure(`${folder} cannot be written`, {
      means: "The shell's commands would find their clouds.yaml there.",
      fix: "check its owner, its permissions and the space on the disk, or set XDG_RUNTIME_DIR to a folder of your own",
      cause,
    });
  }
}

/** Removes the file that this shell uses, if it is one of ours; answers the variables to be forgotten. */
function takeBack(session: Session, { env }: Terminal): string[] {
  const file = variable(env, "OS_CLIENT_CONFIG_FILE");
  const ours = shellFolder(session, env) + sep;
  if (file === undefined || !file.startsWith(ours)) return [];
  const folder = dirname(file);
  if (dirname(folder) + sep === ours) rmSync(folder, { recursive: true, force: true });
  return ["OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD"];
}
