import { CommandFailure, exitCodes } from "../failure.ts";
import { formatCommand } from "../settings.ts";
import { formatDuration, notify, type Terminal } from "../terminal.ts";
import type { ChosenScope } from "./exec-scope.ts";
import { formatCarried } from "./format-carried.ts";
import type { Ticket } from "./private-clouds.ts";
import { loginToCloud } from "./session/cloud-login.ts";
import type { Session } from "./session/session.ts";
import { endOfLogin, type ListedCloud, type TargetList } from "./session/targets.ts";

/** What a tool is given, and until when it is good, in seconds on this machine's clock. */
export interface Given {
  readonly ticket: Ticket;
  readonly expiresAt: number;
}

/**
 * Logs in at a cloud for a tool. One that we cannot reach or trust is left to the tool, which may know another way or
 * authority (OS_CACERT): it gets our access token, and that is said, since not every tool can take it.
 */
export async function ticketFor(session: Session, cloud: ListedCloud, terminal: Terminal): Promise<Given> {
  try {
    const { token, expiresAt } = await loginToCloud(session, cloud, () => terminal.clock.now());
    return { ticket: { keystoneToken: token }, expiresAt };
  } catch (problem) {
    if (!(problem instanceof CommandFailure) || problem.exitCode !== exitCodes.unreachable) throw problem;
    const { token, expiresAt } = await session.access(cloud.name);
    notify(
      terminal,
      `cloudpass: ${problem.message}; the command logs in by itself, as Python's tools can, Go's cannot`,
    );
    return { ticket: { accessToken: token }, expiresAt };
  }
}

/** Below this, in seconds, a login that ends is worth a word: what is begun now may outlive it. */
const soon = 30 * 60;

/** Warns when the login ends soon. */
export async function warnIfEnding(session: Session, list: TargetList, terminal: Terminal): Promise<void> {
  const ends = endOfLogin(list, await session.login(), await session.skew());
  if (ends === undefined) return;
  const left = ends - terminal.clock.now();
  if (left >= soon) return;
  const login = formatCommand(session.settings, "login");
  notify(terminal, `cloudpass: your login ends in ${formatDuration(left)}; for longer work, first run: ${login}`);
}

/** What to know when a tool ends with an error: its own 401 does not say with what it came. */
export async function notifyCarried(
  session: Session,
  { cloud, scope }: { readonly cloud: ListedCloud; readonly scope: ChosenScope },
  terminal: Terminal,
): Promise<void> {
  const { token } = await session.access(cloud.name);
  notify(terminal, formatCarried(cloud, scope, token, terminal.clock.now() + (await session.skew())));
}
