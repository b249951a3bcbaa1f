import { join } from "node:path";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { decideCode } from "../../support/code-login.ts";
import { embeddedVisitor, type JsonAnswer, postForm, type Visitor } from "../../support/device-login.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";

/** Where the suite's program is told; with a query of its own. */
export const redirectUri = "https://suite.example/callback?client=1";
export const loggedOut = "https://suite.example/logged-out";

const secret = "suite-s3cret";
const client = (id: string, more: string) =>
  `  - {id: ${id}, name: ${id}, grants: [authorization-code, refresh], redirectUris: ["${redirectUri}"], postLogoutRedirectUris: ["${loggedOut}"], secret: {env: SUITE}, pkce: allow-insecure, consent: remember${more}}\n`;

type Fields = Readonly<Record<string, string | undefined>>;

/** A person for each test: the suite begins with a fresh one, too. */
const people = {
  "customer-a-idp": Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => `u${n}`).map((name) => [
      name,
      { name: `Person ${name}`, email: `${name}@a.example`, groups: ["developers"], password: name },
    ]),
  ),
};

/** A code flow whose code is there. */
export interface Authorized {
  readonly browser: Browser;
  readonly visitor: Visitor;
  readonly callback: URL;
}

/** A code flow that went to its end. */
export interface Flow extends Authorized {
  readonly tokens: JsonAnswer;
}

/** The broker as an operator sets it up for the public suite, and the suite's program. */
export interface Suite extends Booted {
  readonly clock: HeldClock;
  ask(more?: Fields, client?: string): string;
  basic(client?: string): Record<string, string>;
  /** Trades a code as `client_secret_basic`. */
  redeem(callback: URL, more?: Readonly<Record<string, string>>, client?: string): Promise<JsonAnswer>;
  /** Somebody else in a new browser confirms a login. */
  authorize(more?: Fields): Promise<Authorized>;
  /** The same, and its code is traded. */
  flow(more?: Fields): Promise<Flow>;
  metadata(): Promise<Record<string, unknown>>;
  userinfo(accessToken: unknown, init?: RequestInit): Promise<Response>;
}

/** Starts it; `backchannelLogoutUri` is of the client `suite`. */
export async function bootSuite(backchannelLogoutUri?: string): Promise<Suite> {
  const clock = heldClock();
  const key = await keyHolder("ES256", clock);
  const told = backchannelLogoutUri === undefined ? "" : `, backchannelLogoutUri: "${backchannelLogoutUri}"`;
  const booted = await boot({
    clock,
    people,
    env: { SUITE: secret },
    prepare: (folder) => key.writeKeys(join(folder, "jwks.json")),
    yaml: `clients:\n${client("suite", told)}${client("second", "")}`,
  });
  const { issuer } = booted;
  let count = 0;
  const basic = (id = "suite") => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` });
  const ask: Suite["ask"] = (more = {}, id = "suite") => {
    const usual = { client_id: id, response_type: "code", redirect_uri: redirectUri, scope: "openid", state: "s1" };
    const given = Object.entries({ ...usual, nonce: "n1", ...more }).filter(
      (p): p is [string, string] => p[1] !== undefined,
    );
    return `${issuer}/authorize?${new URLSearchParams(given)}`;
  };
  const redeem: Suite["redeem"] = (callback, more = {}, id) =>
    postForm(
      `${issuer}/token`,
      {
        grant_type: "authorization_code",
        code: callback.searchParams.get("code") ?? "",
        redirect_uri: redirectUri,
        ...more,
      },
      basic(id),
    );
  const authorize: Suite["authorize"] = async (more = {}) => {
    const browser = new Browser();
    const visitor = embeddedVisitor(`u${count++}@a.example`);
    const request = { url: ask(more), redirectUri, state: "s1", verifier: "" };
    return { browser, visitor, callback: await decideCode(request, visitor, "approve", browser) };
  };
  return {
    ...booted,
    clock,
    ask,
    basic,
    redeem,
    authorize,
    flow: async (more) => {
      const authorized = await authorize(more);
      return { ...authorized, tokens: await redeem(authorized.callback) };
    },
    metadata: async () => {
      const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
      return (await answer.json()) as Record<string, unknown>;
    },
    userinfo: (accessToken, init = {}) =>
      fetch(`${issuer}/userinfo`, { ...init, headers: { authorization: `Bearer ${String(accessToken)}` } }),
  };
}
