import {
  type ApiProblem,
  type BearerError,
  consoleTarget,
  ok,
  type PageError,
  type Person,
  type Result,
  type TargetName,
} from "../core/index.ts";
import type { Route, Session } from "../http/index.ts";
import { type ConfiguredClient, clientRegistry, commandClient } from "./clients/registry.ts";
import type { IssuerDeps } from "./deps.ts";
import { accountRoutes } from "./endpoints/account.ts";
import { authorizeRoutes } from "./endpoints/authorize.ts";
import { deviceRoutes } from "./endpoints/device.ts";
import { discoveryRoutes } from "./endpoints/discovery.ts";
import { endSessionRoutes } from "./endpoints/end-session.ts";
import { introspectRoute } from "./endpoints/introspect.ts";
import { parRoute } from "./endpoints/par.ts";
import { revokeRoute } from "./endpoints/revoke.ts";
import { rightsRoute } from "./endpoints/rights.ts";
import { sessionsRoutes } from "./endpoints/sessions.ts";
import { targetsRoute } from "./endpoints/targets.ts";
import { tokenRoute } from "./endpoints/token.ts";
import { userinfoRoutes } from "./endpoints/userinfo.ts";
import { type IssuerEvents, nobodyListens } from "./events.ts";
import { type AtConsole, actingToken } from "./logins/acting.ts";
import { createTokenNotes } from "./logins/last-tokens.ts";
import { recheckAndNotify } from "./logins/recheck.ts";
import { rememberInTenant } from "./logins/tenant-people.ts";
import { createTellClient } from "./logout/logout-token.ts";
import { endLogins } from "./logout/sign-out.ts";
import { createMint } from "./tokens/mint.ts";
import { type ArrivedToken, readPresented } from "./tokens/presented.ts";
import { createAccessTokenVerifier } from "./tokens/verify.ts";

export { readClientKeys } from "./clients/client-keys.ts";
export type { ConfiguredClient } from "./clients/registry.ts";
export type { Recheck } from "./deps.ts";
export type { IssuedTokens, IssuerEvents } from "./events.ts";
export { createKeyFile, firstKeys, keyFileHome } from "./keys/key-file.ts";
export type { KeyHome } from "./keys/key-home.ts";
export { jwksLifetime, publishAfter } from "./keys/key-lifetimes.ts";
export { type KeyRing, openKeyRing } from "./keys/key-ring.ts";
export { makeKeySet } from "./keys/key-set.ts";
export { openKeyHome } from "./keys/open-key-home.ts";
export { importKeys, listKeys, replaceKeys, retireKey, rotateIfDue, rotateKeys } from "./keys/rotation.ts";
export { sharedKeyHome } from "./keys/shared-keys.ts";
export { documentAfter, type KeyDocument, type KeyUse, keysAt, type StoredKey } from "./keys/stored-key.ts";
export type { AtConsole } from "./logins/acting.ts";
export { type Behind, storedBehind } from "./logins/behind.ts";
export { knownPeople } from "./logins/known-people.ts";
export { type LastToken, lastTokensFor, lastTokensOf, pseudonymOf } from "./logins/last-tokens.ts";
export { asSignedIn, recheckPerson } from "./logins/recheck.ts";
export { reachOf, refusedAfterRevoke, revokePerson } from "./logins/revoke-person.ts";
export { decideFor } from "./logins/rights.ts";
export { peopleOfTenant, type TenantPerson } from "./logins/tenant-people.ts";
export { createMint, type Mint } from "./tokens/mint.ts";

/** What the issuer is given; the rest it makes itself. */
export interface IssuerParts
  extends Omit<IssuerDeps, "clients" | "mint" | "verifyAccessToken" | "notifyClient" | "events"> {
  /** Who listens; absent: nobody. */
  readonly events?: IssuerEvents | undefined;
}

/** We as OpenID Provider. */
export interface Issuer {
  readonly routes: readonly Route[];
  /** Who asks with an access token whose audience is the console (RFC 6750, 9449). */
  bearerOf(arrived: ArrivedToken): Promise<Result<AtConsole, BearerError>>;
  /**
   * Who asks with the `cloudpass` command's own access token, whatever way of login it has: for what gives no rights. A token
   * that another program got for this issuer, to learn who somebody is, is none: it asks for nothing in that person's name.
   */
  commandOf(arrived: ArrivedToken): Promise<Result<AtConsole, BearerError>>;
  /** A token with which we act at a cloud in the name of somebody at the console; used at once, and kept nowhere. */
  actingToken(who: AtConsole, cloud: TargetName): Result<string, ApiProblem>;
  /**
   * The person of a browser's session as the realm and the identity provider say now. A refusal when the person may no longer
   * log in. Throws `Fault` when nobody answers.
   */
  confirm(session: Session): Promise<Result<Person, PageError>>;
  /** Ends every login that came of one sign-in at the realm, since that has ended. */
  endGrant(realmGrant: string): Promise<void>;
}

/** Puts the issuer together. */
export function createIssuer(parts: IssuerParts, configured: readonly ConfiguredClient[]): Issuer {
  const clients = clientRegistry(parts.policy, configured);
  const mint = createMint(parts);
  const heard = parts.events ?? nobodyListens;
  const noteTokens = createTokenNotes(parts);
  const events: IssuerEvents = {
    ...heard,
    tokensIssued: (tokens) => {
      noteTokens(tokens);
      heard.tokensIssued(tokens);
    },
  };
  const deps: IssuerDeps = {
    ...parts,
    clients,
    mint,
    verifyAccessToken: createAccessTokenVerifier(parts),
    notifyClient: createTellClient({ ...parts, clients }),
    events,
  };
  return {
    routes: routesOf(deps),
    bearerOf: (arrived) => bearer(deps, arrived, ({ audience }) => audience === consoleTarget),
    commandOf: (arrived) =>
      bearer(deps, arrived, ({ audience, clientId }) => audience === deps.issuer && clientId === commandClient),
    actingToken: (who, cloud) => actingToken(deps, who, cloud),
    confirm: async ({ person, realmGrant }) => {
      const confirmed = await recheckAndNotify(deps, person, realmGrant);
      if (confirmed.ok) await rememberInTenant(deps, confirmed.value);
      return confirmed;
    },
    endGrant: async (grant) => {
      const ended = await endLogins(deps, grant, "the sign-in ended at the realm");
      for (const { person } of ended) events.loginEnded(person.sub);
    },
  };
}

async function bearer(
  deps: IssuerDeps,
  arrived: ArrivedToken,
  accepts: Parameters<typeof readPresented>[2],
): Promise<Result<AtConsole, BearerError>> {
  const presented = await readPresented(deps, arrived, accepts);
  if (!presented.ok) return presented;
  const { person, client, loginMethod, behind } = presented.value.login;
  return ok({ person, client, loginMethod, behind });
}

function routesOf(deps: IssuerDeps): Route[] {
  return [
    ...discoveryRoutes(deps),
    ...deviceRoutes(deps),
    ...authorizeRoutes(deps),
    parRoute(deps),
    tokenRoute(deps),
    revokeRoute(deps),
    ...endSessionRoutes(deps),
    ...accountRoutes(deps),
    rightsRoute(deps),
    ...sessionsRoutes(deps),
    targetsRoute(deps),
    ...userinfoRoutes(deps),
    introspectRoute(deps),
  ];
}
