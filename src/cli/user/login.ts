import { type Command, Option } from "commander";
import { type Configuration, tokenRevocation } from "openid-client";
import { systemRandom } from "../../core/index.ts";
import { hasBrowser } from "../browser.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import type { ProfileMethod } from "../profile.ts";
import { formatCommand, type SettingOptions } from "../settings.ts";
import { shellWords } from "../shell-words.ts";
import { notify, type Terminal } from "../terminal.ts";
import { formatPerson } from "./format-person.ts";
import { deviceLogin } from "./login/device-login.ts";
import { type LoginTokens, makeEvents } from "./login/login-method.ts";
import { loopbackLogin } from "./login/loopback-login.ts";
import { personOptions } from "./open-session.ts";
import { type Learned, loginSettings, nextSettings, type Remembered, rememberLogin } from "./profiles/remember.ts";
import { formatSkew } from "./session/clock-skew.ts";
import type { ProofKey } from "./session/kept-login.ts";
import { makeProofKey, proverOf } from "./session/proof-key.ts";
import { Session } from "./session/session.ts";

/** What the broker's tokens are to carry, and that they may be refreshed. */
const scope = "openid profile email groups offline_access";

type Options = SettingOptions & { json?: boolean; qr: boolean; device?: boolean; browser?: boolean; fresh?: boolean };

interface Wish {
  readonly json: boolean;
  readonly qr: boolean;
  /** In the browser of this machine. */
  readonly here: boolean;
  /** There, whoever is signed in proves again who it is. */
  readonly fresh: boolean;
  /** The way that was asked for, if any. */
  readonly asked: ProfileMethod | undefined;
}

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
      new Option("--fresh", "there, prove again who you are, as destructive commands want it").conflicts("device"),
    )
    .addHelpText(
      "after",
      `
Where a browser is at hand it is used, and the login comes back to this machine. In a remote shell or without a screen
you get a link and a code to approve in a browser elsewhere. What was typed is remembered as a profile: later commands need
no more. See cloudpass profiles --help.

Examples:
  cloudpass login https://login.example
  cloudpass login https://login.example --profile work
  cloudpass login --device                  always with link and code
  cloudpass login --json | your-script      the first line is {"event":"verification", …}`,
    )
    .action(async (where: string | undefined, options: Options) => {
      const settings = await loginSettings({ ...options, ...(where !== undefined && { where }) }, terminal.env);
      const session = new Session({ settings, terminal, random: systemRandom });
      const fresh = options.fresh === true;
      const asked = options.device === true ? "device" : options.browser === true ? "browser" : undefined;
      const method = asked ?? (fresh ? "browser" : settings.profile?.login);
      const here = method === undefined ? hasBrowser(terminal, process.platform) : method === "browser";
      await logIn(session, terminal, { json: options.json === true, qr: options.qr, here, fresh, asked });
      finish(0);
    });
}

async function logIn(session: Session, terminal: Terminal, wish: Wish): Promise<void> {
  const { settings } = session;
  const { issuer } = settings;
  await session.file.makeSure();
  const events = makeEvents(terminal, wish.json);
  const configuration = await session.configuration();
  formatClock(terminal, issuer, await session.skew());
  const proofKey = await makeProofKey(configuration);
  const prover = await proverOf(configuration, proofKey);
  const keep = (tokens: LoginTokens) => keepOrEnd(session, configuration, tokens, proofKey);
  const context = {
    configuration,
    issuer,
    settings,
    scope,
    prover,
    terminal,
    qr: wish.qr,
    fresh: wish.fresh,
    events,
    keep,
  };
  await (wish.here ? loopbackLogin : deviceLogin)(context);
  const { person } = await session.login();
  const profile = await remember({ settings, login: wish.asked }, terminal);
  events({ event: "logged_in", issuer, person, ...(profile !== undefined && { profile: profile.name }) });
  notify(
    terminal,
    `Logged in at ${issuer} as ${formatPerson(person)}.`,
    ...formatRemembered(profile),
    `See what you may do: ${formatCommand(await nextSettings(settings, terminal.env), "status")}`,
  );
}

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

function formatRemembered(profile: Remembered | undefined): string[] {
  if (profile === undefined) return [];
  const { name, instead } = profile;
  if (instead === undefined) return [`Profile in use: ${plain(name)}`];
  const back = shellWords(["cloudpass", "profiles", "use", instead]);
  return [`Profile in use: ${plain(name)}, and no longer ${plain(instead)}. To change back: ${back}`];
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

/** Keeps the login in the place of the one before. Neither what cannot be kept nor what is replaced lives on unseen. */
async function keepOrEnd(
  session: Session,
  configuration: Configuration,
  { response, askedAt }: LoginTokens,
  proofKey: ProofKey | undefined,
): Promise<void> {
  const end = async (refreshToken: string | undefined): Promise<boolean> => {
    const known = configuration.serverMetadata().revocation_endpoint !== undefined;
    if (refreshToken === undefined || !known) return false;
    const revoked = tokenRevocation(configuration, refreshToken, { token_type_hint: "refresh_token" });
    return revoked.then(
      () => true,
      () => false,
    );
  };
  const before = await session.keep(response, askedAt, proofKey).catch(async (problem: unknown) => {
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
