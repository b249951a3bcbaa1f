import type { Audit } from "../audit/index.ts";
import type { Clock, PageError, Person, Random, Result, Seal, Seconds } from "../core/index.ts";
import type { Networks, Sessions } from "../http/index.ts";
import type { Policy } from "../policy/index.ts";
import type { Store } from "../store/index.ts";
import type { Client } from "./clients/registry.ts";
import type { IssuerEvents } from "./events.ts";
import type { KeySet } from "./keys/key-set.ts";
import type { NotifyClient } from "./logout/logout-token.ts";
import type { Mint } from "./tokens/mint.ts";
import type { AccessTokenVerifier } from "./tokens/verify.ts";

/** Asks the realm, and through it the customer's identity provider, about a person again. */
export interface Recheck {
  /** The person as it is now; a refusal when the person may no longer log in. Throws `Fault` when nobody answers. */
  recheck(realmGrant: string): Promise<Result<Person, PageError>>;
  /** Ends the sign-in behind a grant at the realm too. Throws `Fault` when it does not answer. */
  forget(realmGrant: string): Promise<void>;
}

/** Lengths of time the issuer works with. */
interface IssuerTimes {
  readonly accessToken: Seconds;
  readonly login: Seconds;
  readonly deviceCode: Seconds;
  readonly interval: Seconds;
  /** How long the ledger of last logins remembers a person. */
  readonly knownPerson: Seconds;
}

/** What the issuer's functions are made of. Each takes the part it uses. */
export interface IssuerDeps {
  readonly issuer: string;
  readonly times: IssuerTimes;
  readonly store: Store;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly networks: Networks;
  readonly policy: Policy;
  readonly clients: ReadonlyMap<string, Client>;
  readonly keys: () => KeySet;
  readonly mint: Mint;
  readonly verifyAccessToken: AccessTokenVerifier;
  readonly relyingParty: Recheck;
  readonly notifyClient: NotifyClient;
  readonly events: IssuerEvents;
}

/** What the pages are made of on which a person confirms a login: those of the code flow, and of the device login. */
export type ConfirmingDeps = Pick<
  IssuerDeps,
  | "audit"
  | "clients"
  | "clock"
  | "events"
  | "issuer"
  | "networks"
  | "policy"
  | "random"
  | "relyingParty"
  | "seal"
  | "sessions"
  | "store"
  | "times"
>;
