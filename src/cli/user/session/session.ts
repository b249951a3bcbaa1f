import { type Configuration, ResponseBodyError, refreshTokenGrant, type TokenEndpointResponse } from "openid-client";
import { loginRefused, type Random, refreshTimes, targetUrn } from "../../../core/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { openNetwork, trustCa } from "../../network.ts";
import { formatCommand, type Settings, stateFolder } from "../../settings.ts";
import { notify, type Terminal } from "../../terminal.ts";
import { discover, type Found, formatTrouble } from "./issuer.ts";
import { keptAccess, stillGood } from "./kept-access.ts";
import { type Access, clientId, type KeptLogin, type Login, type ProofKey } from "./kept-login.ts";
import { proverOf, proving } from "./proof-key.ts";
import { type KeptIn, TokenFile } from "./token-file.ts";
import { isLost } from "./unreachable.ts";

/** What a session is given. */
interface SessionDeps {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly random: Random;
}

/** The person's login at one issuer: one refresh token, many access tokens. */
export class Session {
  readonly settings: Settings;
  readonly file: TokenFile;
  readonly #terminal: Terminal;
  #opened: Promise<void> | undefined;
  #found: Promise<Found> | undefined;

  constructor({ settings, terminal, random }: SessionDeps) {
    this.settings = settings;
    const folder = stateFolder(terminal.env);
    this.file = new TokenFile(folder, settings.issuer, clientId, random, notify.bind(null, terminal), terminal.keyRing);
    this.#terminal = terminal;
  }

  /** What servers are told of this program, such as `cloudpass/0.1.0`. */
  get userAgent(): string {
    const { version } = this.#terminal;
    return version === undefined ? "cloudpass" : `cloudpass/${version}`;
  }

  /** The issuer's endpoints, looked up once per command. */
  async configuration(): Promise<Configuration> {
    return (await this.#find()).configuration;
  }

  /** How far the issuer's clock is ahead of this machine's, in seconds, as far as the issuer was asked. */
  async skew(): Promise<number> {
    return this.#found === undefined ? 0 : (await this.#found).skew;
  }

  #find(): Promise<Found> {
    this.#found ??= this.open().then(() => discover(this.settings, this.userAgent));
    return this.#found;
  }

  /** The network as the machine and the settings say; before anything is asked. */
  open(): Promise<void> {
    this.#opened ??= (async () => {
      openNetwork(this.#terminal.env);
      await trustCa(this.settings.caFile);
    })();
    return this.#opened;
  }

  /** The login. Fails with what to do when there is none. */
  async login(): Promise<Login> {
    return orNotLoggedIn(await this.file.read(), this.settings);
  }

  /**
   * An access token for a target, or for the issuer itself. From the cache while it is good; else refreshed under the
   * lock, after reading the file again: another process may have refreshed in the meantime. One that was refused though
   * it seemed good (a clock that was wrong and is right now, a key of the issuer's that is gone) is not given again.
   */
  async access(target?: string, refused?: string): Promise<Access> {
    const resource = target === undefined ? "" : targetUrn(target);
    const usable = (login: KeptLogin) => {
      const kept = keptAccess(login, resource, this.#terminal.clock.now());
      return kept?.token === refused ? undefined : kept;
    };
    // A key ring is asked for a refresh alone: many processes may be here at once.
    const cached = usable(orNotLoggedIn(await this.file.peek(), this.settings));
    if (cached) return cached;
    const configuration = await this.configuration();
    return this.file.locked(
      () => this.#renew(configuration, { target, resource, usable }),
      () => notify(this.#terminal, "Waiting for another cloudpass process that is refreshing this login …"),
    );
  }

  /** Keeps a new login and its key; answers the one it replaces. */
  async keep(
    response: TokenEndpointResponse & { claims(): object | undefined },
    askedAt: number,
    proofKey: ProofKey | undefined,
    place: KeptIn,
  ): Promise<Login | undefined> {
    const { refresh_token: refreshToken } = response;
    if (refreshToken === undefined) {
      throw new CommandFailure("the issuer gave no refresh token", {
        means: "Without one you would have to log in for every cloud.",
        fix: "ask the operator of the broker to allow offline_access for the cloudpass client",
      });
    }
    return this.file.locked(() =>
      this.file.replace(
        {
          version: 1,
          issuer: this.settings.issuer,
          clientId,
          refreshToken,
          ...(proofKey && { proofKey }),
          ...endOf(response, askedAt),
          loggedInAt: askedAt,
          person: personOf(response.claims() ?? {}),
          access: accessOf("", response, askedAt),
        },
        place,
      ),
    );
  }

  /**
   * Refreshes under the lock. When the answer is lost the request is repeated at once, from the file as it is then: the
   * broker may have acted, and gives the same again.
   */
  async #renew(
    configuration: Configuration,
    wish: { target: string | undefined; resource: string; usable: (login: KeptLogin) => Access | undefined },
    repeated = false,
  ): Promise<Access> {
    const { target, resource } = wish;
    const good = wish.usable(orNotLoggedIn(await this.file.peek(), this.settings));
    if (good) return good;
    const login = await this.login();
    await this.file.makeSure();
    const askedAt = this.#terminal.clock.now();
    const parameters = resource === "" ? {} : { resource };
    const options = proving(await proverOf(configuration, login.proofKey));
    try {
      const response = await refreshTokenGrant(configuration, login.refreshToken, parameters, options);
      return await this.#keepRenewed(login, response, resource, askedAt);
    } catch (problem) {
      // Refused for a token that another process has used meanwhile: what that one left is asked with.
      const again = isLost(problem) ? this.#mayRepeat(login, askedAt) : !(await this.#isStill(login));
      if (again && !repeated) return this.#renew(configuration, wish, true);
      throw await this.#formatRefusal(problem, login, target);
    }
  }

  /** Without a key a late repetition would be taken for theft. */
  #mayRepeat({ proofKey }: Login, askedAt: number): boolean {
    return proofKey !== undefined || this.#terminal.clock.now() - askedAt < refreshTimes.repeatUnproven;
  }

  /** What was got is handed out, also when it cannot be kept. */
  async #keepRenewed(
    login: Login,
    response: TokenEndpointResponse & { claims(): object | undefined },
    resource: string,
    askedAt: number,
  ): Promise<Access> {
    const fresh = accessOf(resource, response, askedAt);
    const claims = response.claims();
    const renewed: Login = {
      ...login,
      refreshToken: response.refresh_token ?? login.refreshToken,
      ...endOf(response, askedAt),
      person: claims === undefined ? login.person : personOf(claims),
      access: { ...stillGood(login, askedAt), ...fresh },
    };
    try {
      // Another process went on while this one slept, or the person logged out: what it left stands.
      if (await this.#isStill(login)) await this.file.write(renewed);
    } catch (problem) {
      if (!(problem instanceof CommandFailure)) throw problem;
      notify(this.#terminal, `cloudpass: ${problem.message}. The new token is used now, but not kept.`);
    }
    const access = fresh[resource];
    if (access === undefined) throw new CommandFailure("the issuer gave a token without a length of life");
    return access;
  }

  async #isStill(login: Login): Promise<boolean> {
    return (await this.file.read())?.refreshToken === login.refreshToken;
  }

  async #formatRefusal(problem: unknown, login: Login, target: string | undefined): Promise<CommandFailure> {
    const { issuer } = this.settings;
    const status = formatCommand(this.settings, "status");
    const doing = target === undefined ? "refreshing your login" : `asking for a token for ${target}`;
    if (!(problem instanceof ResponseBodyError) || problem.status >= 500) return formatTrouble(issuer, doing, problem);
    const said =
      problem.error_description === undefined ? undefined : `The broker says: ${plain(problem.error_description)}`;
    const words = { cause: problem, ...(said !== undefined && { means: said }) };
    const ask = `if a right is missing, ask your tenant's manager; to see what you have run: ${status}`;
    const browser = `run: ${formatCommand(this.settings, "login")} --browser; if this machine has no browser, ask your operator`;
    const fix = problem.error_description === loginRefused.needsBrowser ? browser : ask;
    switch (problem.error) {
      case "invalid_grant":
        if (await this.#isStill(login)) await this.file.remove();
        return new CommandFailure("your login has ended", {
          ...words,
          fix: runLogin(this.settings),
        });
      case "invalid_target":
        return new CommandFailure(`there is no target "${plain(target ?? issuer)}" for you`, { ...words, fix });
      case "access_denied":
        return new CommandFailure(`you have no rights on ${plain(target ?? issuer)} at present`, { ...words, fix });
      default:
        return formatTrouble(issuer, doing, problem);
    }
  }
}

const runLogin = (settings: Settings): string => `run: ${formatCommand(settings, "login")}`;

/** Nobody is logged in: the sentence every command shares. */
const notLoggedIn = (settings: Settings): CommandFailure =>
  new CommandFailure(`you are not logged in at ${settings.issuer}`, { fix: runLogin(settings) });

function orNotLoggedIn<T>(login: T | undefined, settings: Settings): T {
  if (login === undefined) throw notLoggedIn(settings);
  return login;
}

/** Claims kept for display; tokens are never read back from here. */
function personOf(claims: object): Record<string, unknown> {
  const shown = ["sub", "preferred_username", "name", "email", "tenant", "amr", "acr", "auth_time"];
  return Object.fromEntries(Object.entries(claims).filter(([claim]) => shown.includes(claim)));
}

function accessOf(resource: string, response: TokenEndpointResponse, askedAt: number): Record<string, Access> {
  if (response.expires_in === undefined) return {};
  const bound = response.token_type === "dpop" && { bound: true };
  return { [resource]: { token: response.access_token, expiresAt: askedAt + response.expires_in, ...bound } };
}

/** `refresh_expires_in` is no standard, but the only place where an issuer can say when a login ends. */
function endOf(response: TokenEndpointResponse, askedAt: number): { endsAt?: number } {
  const life = response["refresh_expires_in"];
  return typeof life === "number" && life > 0 ? { endsAt: askedAt + life } : {};
}
