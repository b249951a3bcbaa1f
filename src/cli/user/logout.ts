import type { Command } from "commander";
import { tokenRevocation } from "openid-client";
import { CommandFailure, exitCodes } from "../failure.ts";
import type { Finish } from "../finish.ts";
import type { SettingOptions } from "../settings.ts";
import { notify, type Terminal } from "../terminal.ts";
import { openSession, personOptions } from "./open-session.ts";
import { formatTrouble } from "./session/issuer.ts";
import type { Login } from "./session/kept-login.ts";
import type { Session } from "./session/session.ts";
import { againIfLost } from "./session/unreachable.ts";

/** `cloudpass logout` */
export function addLogout(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("logout"))
    .description("end the login: forget it here and revoke it at the broker")
    .addHelpText("after", "\nExample:\n  cloudpass logout")
    .action(async (options: SettingOptions) => {
      const session = await openSession(options, terminal);
      const { issuer } = session.settings;
      const { login, trouble } = await forget(session);
      if (login === undefined) notify(terminal, `You were not logged in at ${issuer}.`);
      else {
        await revoke(session, login.refreshToken);
        notify(terminal, `Logged out at ${issuer}. Tokens already handed out end by themselves within minutes.`);
      }
      if (trouble !== undefined) throw trouble;
      finish(0);
    });
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
