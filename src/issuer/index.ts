import type { Route } from "../http/index.ts";
import { type ConfiguredClient, clientRegistry } from "./clients/registry.ts";
import type { IssuerDeps } from "./deps.ts";
import { accountRoutes } from "./endpoints/account.ts";
import { authorizeRoutes } from "./endpoints/authorize.ts";
import { deviceRoutes } from "./endpoints/device.ts";
import { discoveryRoutes } from "./endpoints/discovery.ts";
import { endSessionRoutes } from "./endpoints/end-session.ts";
import { introspectRoute } from "./endpoints/introspect.ts";
import { parRoute } from "./endpoints/par.ts";
import { revokeRoute } from "./endpoints/revoke.ts";
import { targetsRoute } from "./endpoints/targets.ts";
import { tokenRoute } from "./endpoints/token.ts";
import { userinfoRoutes } from "./endpoints/userinfo.ts";
import { type IssuerEvents, nobodyListens } from "./events.ts";
import { createTellClient } from "./logout/logout-token.ts";
import { endLogins } from "./logout/sign-out.ts";
import { createMint } from "./tokens/mint.ts";
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
export { type Behind, storedBehind } from "./logins/behind.ts";
export { knownPeople } from "./logins/known-people.ts";
export { asSignedIn, recheckPerson } from "./logins/recheck.ts";
export { reachOf, refusedAfterRevoke, revokePerson } from "./logins/revoke-person.ts";
export { decideFor } from "./logins/rights.ts";
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
  /** Ends every login that came of one sign-in at the realm, since that has ended. */
  endGrant(realmGrant: string): Promise<void>;
}

/** Puts the issuer together. */
export function createIssuer(parts: IssuerParts, configured: readonly ConfiguredClient[]): Issuer {
  const clients = clientRegistry(parts.policy, configured);
  const mint = createMint(parts);
  const events = parts.events ?? nobodyListens;
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
    endGrant: async (grant) => {
      const ended = await endLogins(deps, grant, "the sign-in ended at the realm");
      for (const { person } of ended) events.loginEnded(person.sub);
    },
  };
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
    targetsRoute(deps),
    ...userinfoRoutes(deps),
    introspectRoute(deps),
  ];
}
