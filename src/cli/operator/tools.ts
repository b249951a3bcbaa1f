import type { BrokerConfig } from "../../config/index.ts";
import type { TargetName } from "../../core/index.ts";
import type { SignTrial } from "../../targets/index.ts";

/*
 * What the operators' commands on a broker's own state need. `main.ts` gives it: the command may not reach into the
 * broker's rooms by itself.
 */

/** A key, without its private part. Moments are RFC 3339. */
export interface KeyRow {
  readonly kid: string;
  readonly use: KeyUse;
  readonly status: "next" | "active" | "retiring";
  readonly createdAt: string;
  readonly signsFrom: string;
  /** A retiring key is published until then. */
  readonly publishedUntil?: string;
}

/** `token` keys sign what is issued; `client` keys prove to Keycloak who the broker is. */
export type KeyUse = "token" | "client";

/** The key set. Every change is told to the audit. */
export interface KeyTools {
  /** Where it is, for a person. */
  readonly where: string;
  /** Seconds that an old key stays published after it signed last. */
  readonly publishedAfter: number;
  list(): Promise<readonly KeyRow[]>;
  create(): Promise<readonly KeyRow[]>;
  rotate(uses: readonly KeyUse[]): Promise<{ readonly made: readonly KeyRow[]; readonly underWay: readonly KeyRow[] }>;
  retire(kid: string): Promise<{ readonly outcome: "retired" | "unknown" | "signs"; readonly key?: KeyRow }>;
  replace(uses: readonly KeyUse[]): Promise<{ readonly dropped: readonly KeyRow[]; readonly made: readonly KeyRow[] }>;
  /** Puts the key set of a file in the place of whatever is there. */
  restore(file: string): Promise<readonly KeyRow[]>;
  /** Writes the key set to a new file that only we may read. */
  save(file: string): Promise<void>;
}

/** What hangs on a person. Moments are RFC 3339. */
export interface PersonShown {
  readonly sub: string;
  /** Name and tenant, as of the last sign-in. */
  readonly name?: string;
  readonly tenant?: string;
  /** Its subject at the realm (Keycloak's id of the user), as of the last sign-in. */
  readonly realmSubject?: string;
  readonly logins: readonly { readonly client: string; readonly flow: string; readonly startedAt: string }[];
  readonly sessions: number;
  /** Sessions at Keycloak that the broker has a key to. */
  readonly realmSessions: number;
}

/** The people who are signed in. */
export interface PeopleTools {
  /** Subjects signed in under a name of an identity provider. */
  named(alias: string, name: string): Promise<readonly string[]>;
  show(sub: string): Promise<PersonShown>;
  /** Last logins under pseudonyms, with the claims that the policy reads; moments are RFC 3339. */
  ledger(): Promise<readonly object[]>;
  /** Ends everything; `realm` says whether Keycloak answered. `refusedFor` = seconds without a new login. */
  revoke(sub: string, because: string): Promise<{ readonly realm: "ended" | "no answer"; readonly refusedFor: number }>;
}

/** Tokens to try a target's door with. */
export interface TrialTools {
  readonly issuer: string;
  /** Signs, after telling the audit, for one target: nobody's tokens, which give nothing. */
  signerFor(target: TargetName): Promise<SignTrial>;
}

/** What verifying an audit file found. */
export interface AuditVerdict {
  readonly entries: number;
  /** `<number>:<hash>` of the last whole entry. */
  readonly head: string;
  readonly breach?: { readonly file: string; readonly line?: number; readonly seq: number; readonly message: string };
}

/** Everything together, for one configuration. */
export interface OperatorTools {
  readonly keys: KeyTools;
  readonly people: PeopleTools;
  readonly trials: TrialTools;
  readonly audit: {
    /** Files of the broker's and of the operators' audit, as configured, that are there: a chain each. */
    readonly files: readonly string[];
    /** The broker's own, there or not: the heads in its log are of that chain. */
    readonly brokers: string | undefined;
    /** Whether the chain in these files went through a head. */
    holds(files: readonly string[], head: string): Promise<boolean>;
    verify(files: readonly string[], witnesses: readonly string[]): Promise<AuditVerdict>;
  };
}

/** Opens what the configuration names, works, and lets go. */
export type Operate = <T>(config: BrokerConfig, work: (tools: OperatorTools) => Promise<T>) => Promise<T>;
