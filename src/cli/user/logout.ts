import type { Command } from "commander";
import { tokenRevocation } from "openid-client";
import { CommandFailure, exitCodes, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { formatCommand, type SettingOptions, type Settings } from "../settings.ts";
import { notify, type Terminal } from "../terminal.ts";
import type { TakenSecrets } from "./held-secrets.ts";
import { openSession, personOptions } from "./open-session.ts";
import { formatTrouble } from "./session/issuer.ts";
import type { Login } from "./session/kept-login.ts";
import type { Session } from "./session/session.ts";
import { againIfLost } from "./session/unreachable.ts";

/** `cloudpass logout` */
export function addLogout(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("logout"))
    .description("end the login: forget it here and revoke it at the broker")
    .option("--everywhere", "end your other machines, browsers and sign-ins, too, and say what was reached")
    .addHelpText(
      "after",
      `
What the command laid into files is taken back, too: tokens of clouds in secure.yaml and those of shells (cloudpass env) are
removed, and the clouds end them. Entries in your clouds.yaml and kubeconfig hold no secret and stay for the next login.

Examples:
  cloudpass logout
  cloudpass logout --everywhere`,
    )
    .action(async ({ everywhere, ...options }: SettingOptions & { readonly everywhere?: true }) => {
      const session = await openSession(options, terminal);
      if (everywhere) await endEverywhere(session, options, terminal);
      else await endHere(session, options, terminal);
      finish(0);
    });
}

async function endHere(session: Session, options: SettingOptions, terminal: Terminal): Promise<void> {
  const { issuer } = session.settings;
  const { login, trouble } = await forget(session);
  await takeBack(session, options, terminal);
  if (login === undefined) notify(terminal, `You were not logged in at ${issuer}.`);
  else {
    await revoke(session, login.refreshToken);
    notify(terminal, `Logged out at ${issuer}. Tokens already handed out end by themselves within minutes.`);
  }
  if (trouble !== undefined) throw trouble;
}

/** The broker first: that it ends everything has to be asked by this login. */
async function endEverywhere(session: Session, options: SettingOptions, terminal: Terminal): Promise<void> {
  const { formatEverywhere, tryEverywhere } = await import("./logout-everywhere.ts");
  const done = await tryEverywhere(session);
  const { login, trouble } = await forget(session);
  await takeBack(session, options, terminal);
  if (done instanceof CommandFailure) {
    // What it can still do for itself, this machine does.
    if (login !== undefined) await revoke(session, login.refreshToken).catch(() => {});
    throw done;
  }
  notify(terminal, ...formatEverywhere(done, session.settings.issuer));
  if (trouble !== undefined) throw trouble;
}

async function takeBack(session: Session, options: SettingOptions, terminal: Terminal): Promise<void> {
  // What no other command of these needs is loaded here.
  const { takeSecrets } = await import("./held-secrets.ts");
  notify(terminal, ...formatTaken(await takeSecrets(session, options, terminal), session.settings));
}

/** What became of what lay in files; nothing where nothing did. */
function formatTaken({ ended, left, entries }: TakenSecrets, settings: Settings): string[] {
  const undo = formatCommand(settings, "clouds undo");
  return [
    ...ended.map((authUrl) => `Ended: a token of ${plain(authUrl)}.`),
    ...left.map((what) => `Not ended: ${what}. It ends by itself.`),
    ...entries.map(
      ({ file, names }) => `Left for the next login: ${names.map(plain).join(", ")} in ${plain(file)}; or run: ${undo}`,
    ),
  ];
}

/**
 * Takes the login away from this machine, under the lock: a refresh under way in another process would otherwise write it
 * back. Where the folder cannot be written the login is still there to be read, and ended where it counts.
 */
async function forget(session: Session): Promise<{ readonly login: Login | undefined; readonly trouble?: unknown }> {
  const { file } = session;
  try {
    const login = await file.locked(async () => {
      const found = await file.read();
      await file.remove();
      return found;
    });
    return { login };
  } catch (trouble) {
    return { login: await file.read(), trouble };
  }
}

/** RFC 7009: revoking the refresh token ends the whole login. */
async function revoke(session: Session, refreshToken: string): Promise<void> {
  const { issuer } = session.settings;
  try {
    const configuration = await session.configuration();
    if (configuration.serverMetadata().revocation_endpoint === undefined) {
      throw new CommandFailure(`${issuer} has no way to revoke a login`);
    }
    await againIfLost(() => tokenRevocation(configuration, refreshToken, { token_type_hint: "refresh_token" }));
  } catch (problem) {
    const trouble = formatTrouble(issuer, "revoking the login", problem);
    throw new CommandFailure(trouble.message, {
      means: "The login is forgotten on this machine, but the broker still holds it until it ends by itself.",
      fix: "if somebody else may have a copy, ask the operator of the broker to end your logins",
      exitCode: trouble.exitCode === exitCodes.unreachable ? 3 : 1,
      cause: problem,
    });
  }
}
