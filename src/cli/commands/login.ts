import { type Command, Option } from "commander";
import { tokenRevocation } from "openid-client";
import { hasBrowser } from "../login/browser.ts";
import { deviceFlow } from "../login/device-flow.ts";
import { makeEvents } from "../login/flow.ts";
import { loopbackFlow } from "../login/loopback-flow.ts";
import { makeProofKey, proverOf } from "../session/proof-key.ts";
import type { Session } from "../session/session.ts";
import type { SettingOptions } from "../settings.ts";
import { type Terminal, tell } from "../terminal.ts";
import { openSession, personOptions } from "./person.ts";
import { sayPerson } from "./say-person.ts";
import type { Finish } from "./types.ts";

/** What the broker's tokens shall carry, and that they may be refreshed. */
const scope = "openid profile email groups offline_access";

type Options = SettingOptions & { json?: boolean; qr: boolean; device?: boolean; browser?: boolean };

interface Wish {
  readonly json: boolean;
  readonly qr: boolean;
  /** In the browser of this machine. */
  readonly here: boolean;
}

/** `cloudpass login` */
export function addLogin(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("login"))
    .description("log in once, for every cloud and cluster")
    .option("--json", "tell a program what happens: one JSON object a line on stdout")
    .option("--no-qr", "draw no QR code")
    .addOption(new Option("--device", "log in with a browser elsewhere: link and code").conflicts("browser"))
    .addOption(new Option("--browser", "log in with the browser of this machine"))
    .addHelpText(
      "after",
      `
Where a browser is at hand it is used, and the login comes back to this machine. In a remote shell or without a screen
you get a link and a code to approve in a browser elsewhere.

Examples:
  cloudpass login --issuer https://login.example
  cloudpass login --device                  always with link and code
  cloudpass login --json | your-script      the first line is {"event":"verification", …}`,
    )
    .action(async (options: Options) => {
      const session = await openSession(options, terminal);
      const here = options.browser === true || (options.device !== true && hasBrowser(terminal, process.platform));
      await logIn(session, terminal, { json: options.json === true, qr: options.qr, here });
      finish(0);
    });
}

async function logIn(session: Session, terminal: Terminal, wish: Wish): Promise<void> {
  const { issuer } = session.settings;
  const events = makeEvents(terminal, wish.json);
  const configuration = await session.configuration();
  const proofKey = await makeProofKey(configuration);
  const prover = await proverOf(configuration, proofKey);
  const context = { configuration, issuer, scope, prover, terminal, qr: wish.qr, events };
  const { response, askedAt } = await (wish.here ? loopbackFlow : deviceFlow)(context);
  const before = await session.keep(response, askedAt, proofKey);
  if (before !== undefined && configuration.serverMetadata().revocation_endpoint !== undefined) {
    // The replaced login would live on unseen. If telling the issuer fails, it ends by itself.
    await tokenRevocation(configuration, before.refreshToken, { token_type_hint: "refresh_token" }).catch(() => {});
  }
  const { person } = await session.login();
  events({ event: "logged_in", issuer, person });
  tell(terminal, `Logged in at ${issuer} as ${sayPerson(person)}.`, "See what you may do: cloudpass status");
}
