import type { Audit } from "../audit/index.ts";
import type { Clock, PageError, Person, Random, Seal, Seconds } from "../core/index.ts";
import type { Networks, Sessions } from "../http/index.ts";
import type { GuardedFetch } from "../http-client/index.ts";
import type { Policy } from "../policy/index.ts";
import type { Store, Tag } from "../store/index.ts";
import type { IdentityProviders } from "./identity-providers/identity-providers.ts";

/** The realm as the configuration names it. */
interface RealmOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly allowInsecureLoopback: boolean;
  /** Longest wait for one answer. */
  readonly timeout: Seconds;
  /** Classes of proof (`acr`) of which one is asked for when a person proves anew who it is; the console wants one. */
  readonly stepUpAcr?: readonly string[];
}

/** A private key by which the broker proves who it is to the realm (RFC 7523). */
export interface ClientKey {
  readonly kid: string;
  readonly jwk: Readonly<Record<string, string>>;
}

/** What customers' directories say of people. */
interface Provisioned {
  /** Why the person may not be in; absent: it may. Throws `Fault` when that is not known. */
  refuses(person: Person): Promise<PageError | undefined>;
  /** The tags by which the person's sign-ins are found. */
  tagsOf(person: Person): readonly Tag[];
}

/** What the room's functions are made of. */
export interface RelyingPartyDeps {
  /** The broker's own issuer: where people are sent back to. */
  readonly issuer: string;
  readonly options: RealmOptions;
  /** The key that proves who we are now; it changes while we run. */
  readonly clientKey: () => ClientKey;
  /** Public client keys, for the realm to verify our assertions. */
  readonly clientJwks: () => { readonly keys: readonly object[] };
  /** Asks customers' identity providers, which somebody else named (S-38). */
  readonly fetch: GuardedFetch;
  readonly identityProviders: IdentityProviders;
  readonly provisioned: Provisioned;
  readonly times: { readonly session: Seconds; readonly login: Seconds; readonly loginAttempt: Seconds };
  readonly insecure: boolean;
  readonly store: Store;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly networks: Networks;
  readonly policy: Policy;
  /** The realm ended a sign-in: everything that came of it ends. */
  readonly grantEnded: (realmGrant: string) => Promise<void>;
}
