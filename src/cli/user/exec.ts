import type { Command } from "commander";
import { plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { notify, type Terminal } from "../terminal.ts";
import { type ChosenCloud, type CloudOptions, chooseCloud, placeOptions } from "./chosen-cloud.ts";
import { openSession } from "./open-session.ts";
import { childEnvironment, cloudsYaml, type PrivateClouds, writePassingClouds } from "./private-clouds.ts";
import { runChild } from "./run-child.ts";
import type { Session } from "./session/session.ts";
import { type Given, notifyCarried, ticketFor, warnIfEnding } from "./ticket.ts";

/** `cloudpass exec` */
export function addExec(program: Command, terminal: Terminal, finish: Finish): void {
  placeOptions(program.command("exec").requiredOption("--cloud <name>", "the cloud; see cloudpass status"))
    .description("run a command with the rights you have on a cloud")
    .argument("<command...>", "what to run, after --")
    .addHelpText(
      "after",
      `
The command finds a private clouds.yaml by OS_CLIENT_CONFIG_FILE and its entry by OS_CLOUD. The file holds a token of the
cloud's, which is renewed while the command runs, and is removed when it ends. Variables of another openrc are not passed on.

Examples:
  cloudpass exec --cloud gx1 -- openstack server list
  cloudpass exec --cloud gx1 --project dev -- tofu plan
  cloudpass exec --cloud gx1 --domain -- openstack project list`,
    )
    .action(async (command: string[], options: CloudOptions) => {
      const session = await openSession(options, terminal);
      const chosen = await chooseCloud(session, options);
      await warnIfEnding(session, chosen.list, terminal);
      const exitCode = await runWith(session, chosen, command, terminal);
      // What openstack and tofu end with when a cloud refuses them. Other codes say something else.
      if (exitCode === 1) await notifyCarried(session, chosen, terminal);
      finish(exitCode);
    });
}

async function runWith(
  session: Session,
  chosen: ChosenCloud,
  command: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { cloud, scope } = chosen;
  const given = await ticketFor(session, cloud, terminal);
  const file = writePassingClouds(cloudsYaml(cloud, scope, given.ticket));
  const ended = new AbortController();
  const renewing = keepRenewed(file, given, { session, chosen, terminal, ended: ended.signal });
  try {
    const { env, dropped } = childEnvironment(terminal.env, cloud.name, file);
    if (dropped.length > 0) notify(terminal, `cloudpass: not passed on: ${dropped.join(", ")}`);
    const [program = "", ...args] = command;
    return await runChild(program, args, { env, sharesTerminal: terminal.stdin.isTTY === true });
  } finally {
    ended.abort();
    await renewing;
    file.remove();
  }
}

/** A token is renewed this long before its end, in seconds; a short one after half its life, but not sooner than that. */
const [ahead, soonest] = [10 * 60, 5];

/** While that fails it is tried again so often, in seconds. */
const again = 60;

interface Renewing {
  readonly session: Session;
  readonly chosen: ChosenCloud;
  readonly terminal: Terminal;
  readonly ended: AbortSignal;
}

/** Renews the token in the file until the command ends: a script of many commands reads it anew at each. */
async function keepRenewed(
  file: PrivateClouds,
  first: Given,
  { session, chosen, terminal, ended }: Renewing,
): Promise<void> {
  let { expiresAt } = first;
  let hasFailed = false;
  while (!ended.aborted) {
    const left = expiresAt - terminal.clock.now();
    const pause = hasFailed ? again : Math.max(left - Math.min(ahead, left / 2), soonest);
    await terminal.clock.sleep(pause * 1000, ended);
    if (ended.aborted) return;
    try {
      const { ticket, expiresAt: next } = await ticketFor(session, chosen.cloud, terminal);
      if (!ended.aborted) file.replace(cloudsYaml(chosen.cloud, chosen.scope, ticket));
      [expiresAt, hasFailed] = [next, false];
    } catch (problem) {
      if (!hasFailed)
        notify(
          terminal,
          `cloudpass: the token of ${plain(chosen.cloud.name)} cannot be renewed: ${messageOf(problem)}`,
        );
      hasFailed = true;
    }
  }
}

const messageOf = (problem: unknown): string => plain(problem instanceof Error ? problem.message : String(problem));
