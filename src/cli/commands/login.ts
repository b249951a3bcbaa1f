import type { Command } from "commander";
import { tokenRevocation } from "openid-client";
import { deviceFlow } from "../login/device-flow.ts";
import { makeEvents } from "../login/flow.ts";
import type { Session } from "../session/session.ts";
import type { SettingOptions } from "../settings.ts";
import { type Terminal, tell } from "../terminal.ts";
import { openSession, personOptions } from "./person.ts";
import { sayPerson } from "./say-person.ts";
import type { Finish } from "./types.ts";

/** What the broker's tokens shall carry, and that they may be refreshed. */
const scope = "openid profile email groups offline_access";

/** `cloudpass login` */
export function addLogin(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("login"))
    .description("log in once, for every cloud and cluster")
    .option("--json", "tell a program what happens: one JSON object a line on stdout")
    .option("--no-qr", "draw no QR code")
    .addHelpText(
      "after",
      `
You get a link and a code to approve in a browser, on this or any other device.

Examples:
  cloudpass login --issuer https://login.example
  cloudpass login --json | your-script      the first line is {"event":"verification", …}`,
    )
    .action(async (options: SettingOptions & { json?: boolean; qr: boolean }) => {
      const session = await openSession(options, terminal);
      await logIn(session, terminal, { json: options.json === true, qr: options.qr });
      finish(0);
    });
}

async function logIn(session: Session, terminal: Terminal, wish: { json: boolean; qr: boolean }): Promise<void> {
  const { issuer } = session.settings;
  const events = makeEvents(terminal, wish.json);
  const configuration = await session.configuration();
  const { response, askedAt } = await deviceFlow({ configuration, issuer, scope, terminal, qr: wish.qr, events });
  const before = await session.keep(response, askedAt);
  if (before !== undefined && configuration.serverMetadata().revocation_endpoint !== undefined) {
    // The replaced login would live on unseen. If telling the issuer fails, it ends by itself.
    await tokenRevocation(configuration, before.refreshToken, { token_type_hint: "refresh_token" }).catch(() => {});
  }
  const { person } = await session.login();
  events({ event: "logged_in", issuer, person });
  tell(terminal, `Logged in at ${issuer} as ${sayPerson(person)}.`, "See what you may do: cloudpass status");
}
