import { type Command, InvalidArgumentError, Option } from "commander";
import { type Configuration, tokenRevocation } from "openid-client";
import { systemRandom } from "../../core/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import type { ProfileMethod } from "../profile.ts";
import { formatCommand, type SettingOptions } from "../settings.ts";
import { shellWords } from "../shell-words.ts";
import { notify, type Terminal } from "../terminal.ts";
import { formatPerson } from "./format-person.ts";
import { type ChosenMethod, chooseMethod, expectPerson, thisMachine } from "./login/choose-method.ts";
import { deviceLogin } from "./login/device-login.ts";
import { eitherLogin } from "./login/either-login.ts";
import { formatLoggedIn } from "./login/format-logged-in.ts";
import { type LoginTokens, makeEvents } from "./login/login-method.ts";
import { loopbackLogin } from "./login/loopback-login.ts";
import { personOptions } from "./open-session.ts";
import { formatStronger } from "./profiles/format-stronger.ts";
import { type Learned, loginSettings, nextSettings, type Remembered, rememberLogin } from "./profiles/remember.ts";
import { formatSkew } from "./session/clock-skew.ts";
import type { ProofKey } from "./session/kept-login.ts";
import { makeProofKey, proverOf } from "./session/proof-key.ts";
import { Session } from "./session/session.ts";
import { listTargets } from "./session/targets.ts";
import type { KeptIn } from "./session/token-file.ts";

/** What the broker's tokens are to carry, and that they may be refreshed. */
const scope = "openid profile email groups offline_access";

type Options = SettingOptions & {
  json?: boolean;
  qr: boolean;
  device?: boolean;
  browser?: boolean;
  fresh?: boolean;
  callbackPort?: number;
  keepIn?: KeptIn;
};

interface Wish {
  readonly json: boolean;
  readonly qr: boolean;
  readonly callbackPort?: number | undefined;
  /** There, whoever is signed in proves again who it is. */
  readonly fresh: boolean;
  /** The place that was asked for, if any. */
  readonly keepIn: KeptIn | undefined;
  /** The way that was asked for, if any. */
  readonly asked: ProfileMethod | undefined;
}

const more = `
Where a browser is at hand it is opened, and the login comes back to this
machine; a link and a code for a browser elsewhere stand below. In a remote
shell or without a screen they stand alone. --browser or --device choose one
way. A shell that is not interactive gets exit code 4 where a person would be
needed; --device waits all the same.

What was typed is remembered as a profile: later commands need no more. See
cloudpass profiles --help.

The login lies in a file that only you can read. With --keep-in keyring its secrets are sealed there with a key in the key ring of
the system, which is tried before; where it does not work the login does not begin, and no other place is taken instead.

Examples:
  cloudpass login https://login.example
  cloudpass login https://login.example --profile work
  cloudpass login --device                 with link and code
  cloudpass login --callback-port 8765     after ssh -L 8765:127.0.0.1:8765 HOST
  cloudpass login --json | your-script     first: {"event":"verification", …}`;

/** `cloudpass login` */
export function addLogin(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("login"))
    .description("log in once, for every cloud and cluster")
    .argument("[issuer]", "the broker, or the name of a profile; else as for every command")
    .option("--json", "tell a program what happens: one JSON object a line on stdout")
    .option("--no-qr", "draw no QR code")
    .addOption(new Option("--device", "log in with a browser elsewhere: link and code").conflicts("browser"))
    .addOption(new Option("--browser", "log in with the browser of this machine"))
    .addOption(
      new Option("--callback-port <port>", "where a browser comes back to on this machine, as for ssh -L")
        .argParser(portOf)
        .conflicts("device"),
    )
    .addOption(
      new Option("--fresh", "in the browser, prove again who you are, as destructive commands want it").conflicts(
        "device",
      ),
    )
    .addOption(keepInOption())
    .addHelpText("after", more)
    .action(async (where: string | undefined, options: Options) => {
      const settings = await loginSettings({ ...options, ...(where !== undefined && { where }) }, terminal.env);
      const session = new Session({ settings, terminal, random: systemRandom });
      const { json = false, fresh = false, qr, callbackPort, keepIn } = options;
      const asked = options.device === true ? "device" : options.browser === true ? "browser" : undefined;
      const wish: Wish = { json, fresh, qr, asked, callbackPort, keepIn };
      const chosen = chooseMethod(wish, settings.profile, thisMachine(terminal));
      expectPerson(chosen, wish, terminal, settings);
      await logIn(session, terminal, wish, chosen);
      finish(0);
    });
}

const keepInOption = (): Option =>
  new Option("--keep-in <place>", "where the login is kept; else where the one before is, else in a file").choices([
    "file",
    "keyring",
  ]);

const methods = { browser: loopbackLogin, device: deviceLogin, either: eitherLogin };

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("a port is a number from 1 to 65535");
}

async function logIn(session: Session, terminal: Terminal, wish: Wish, chosen: ChosenMethod): Promise<void> {
  const { settings } = session;
  const { issuer } = settings;
  const place = wish.keepIn ?? (await session.file.keptIn());
  await session.file.probe(place);
  const events = makeEvents(terminal, wish.json);
  const configuration = await session.configuration();
  formatClock(terminal, issuer, await session.skew());
  const proofKey = await makeProofKey(configuration);
  const prover = await proverOf(configuration, proofKey);
  const keep = (tokens: LoginTokens) => keepOrEnd(session, configuration, tokens, { proofKey, place });
  const context = {
    configuration,
    issuer,
    settings,
    scope,
    prover,
    terminal,
    qr: wish.qr,
    fresh: wish.fresh,
    why: chosen.why,
    opens: chosen.opens,
    callbackPort: wish.callbackPort ?? settings.profile?.callbackPort,
    events,
    keep,
    drop: ({ response }: LoginTokens) => endAtIssuer(configuration, response.refresh_token),
  };
  await methods[wish.json ? chosen.alone : chosen.method](context);
  const { person } = await session.login();
  const profile = await remember({ settings, login: wish.asked, callbackPort: wish.callbackPort }, terminal);
  events({ event: "logged_in", issuer, person, ...(profile !== undefined && { profile: profile.name }) });
  notify(
    terminal,
    `Logged in at ${issuer} as ${formatPerson(person)}.`,
    ...(place === "keyring" ? ["The key of this login is in the key ring of the system."] : []),
    ...formatRemembered(profile, terminal.env),
    ...(wish.json ? [] : await formatRights(session, terminal)),
    `See what you may do: ${formatCommand(await nextSettings(settings, terminal.env), "status")}`,
  );
}

/** The rights that the login carries. It stands without them: a broker that does not tell them now does later. */
const formatRights = async (session: Session, terminal: Terminal): Promise<string[]> =>
  formatLoggedIn(
    await session.login(),
    await listTargets(session).catch(() => undefined),
    await session.skew(),
    terminal,
  );

/** Remembers the login as a profile. A login that could not be remembered is one all the same. */
async function remember(learned: Learned, terminal: Terminal): Promise<Remembered | undefined> {
  try {
    return await rememberLogin(learned, terminal.env);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : "unknown error";
    notify(terminal, `cloudpass: the login is not remembered as a profile: ${plain(why)}`);
    return undefined;
  }
}

function formatRemembered(profile: Remembered | undefined, env: Terminal["env"]): string[] {
  if (profile === undefined) return [];
  const { name, instead } = profile;
  const isInstead = instead === undefined ? "" : `, and no longer ${plain(instead)}`;
  const back = shellWords(["cloudpass", "profiles", "use", instead ?? ""]);
  return [
    `Profile in use: ${plain(name)}${isInstead}${instead === undefined ? "" : `. To change back: ${back}`}`,
    ...formatStronger(env),
  ];
}

/** The login copes with a wrong clock; other programs of this machine, and who reads its logs, do not. */
function formatClock(terminal: Terminal, issuer: string, skew: number): void {
  if (Math.abs(skew) < 60) return;
  notify(
    terminal,
    `The clock of this machine is ${formatSkew(skew)} that of ${issuer}. The login counts by the issuer's.`,
    "",
  );
}

/** Ends a login at the issuer; answers whether that is known to be done. */
async function endAtIssuer(configuration: Configuration, refreshToken: string | undefined): Promise<boolean> {
  const known = configuration.serverMetadata().revocation_endpoint !== undefined;
  if (refreshToken === undefined || !known) return false;
  const revoked = tokenRevocation(configuration, refreshToken, { token_type_hint: "refresh_token" });
  return revoked.then(
    () => true,
    () => false,
  );
}

/** Keeps the login in the place of the one before. Neither what cannot be kept nor what is replaced lives on unseen. */
async function keepOrEnd(
  session: Session,
  configuration: Configuration,
  { response, askedAt }: LoginTokens,
  { proofKey, place }: { readonly proofKey: ProofKey | undefined; readonly place: KeptIn },
): Promise<void> {
  const end = (refreshToken: string | undefined) => endAtIssuer(configuration, refreshToken);
  const before = await session.keep(response, askedAt, proofKey, place).catch(async (problem: unknown) => {
    throw notKept(problem, await end(response.refresh_token));
  });
  await end(before?.refreshToken); // if telling the issuer fails, it ends by itself
}

function notKept(problem: unknown, ended: boolean): unknown {
  if (!(problem instanceof CommandFailure)) return problem;
  const { message, means, fix, cause } = problem;
  const happened = ended
    ? "The login that was just confirmed is ended at the broker again."
    : "The login that was just confirmed lives on at the broker until it ends by itself.";
  return new CommandFailure(message, {
    means: means === undefined ? happened : `${means} ${happened}`,
    ...(fix !== undefined && { fix }),
    cause,
  });
}
