import type { Instant, LoginId, LoginRefused, Person, Seconds, SubjectId, TargetName } from "../../core/index.ts";
import { defineKind, type StoredForm, storedPerson } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Origin } from "./origin.ts";

/** States of a device login. */
export type DeviceAuthorizationState = "issued" | "shown" | "approved" | "denied" | "redeemed" | "burnt";

/**
 * Every arrow there is. `burnt` = somebody did what only an attacker does (another client's code, two people with one
 * code); it ends like `denied`.
 */
export const transitions = {
  show: { from: ["issued", "shown"], to: "shown" },
  approve: {
    from: ["shown"],
    to: "approved",
    // Whoever started it elsewhere must have said what only the terminal shows (S-07).
    guard: ({ sameNetwork, typedTail, clientAllows }: Proximity) => sameNetwork || typedTail || clientAllows,
  },
  deny: { from: ["shown"], to: "denied" },
  redeem: { from: ["approved"], to: "redeemed" },
  burn: { from: ["issued", "shown", "approved"], to: "burnt" },
} as const satisfies Record<
  string,
  {
    readonly from: readonly DeviceAuthorizationState[];
    readonly to: DeviceAuthorizationState;
    readonly guard?: (near: Proximity) => boolean;
  }
>;

/** What speaks for it that asker and approver sit side by side. */
interface Proximity {
  readonly sameNetwork: boolean;
  /** The approver typed the end of the code, which no page shows when the networks differ. */
  readonly typedTail: boolean;
  /** The operator takes the risk for this client (`deviceOrigin: allow-insecure`). */
  readonly clientAllows: boolean;
}

/** One device login (RFC 8628). Scope and target are fixed when it starts (S-09). */
export interface DeviceAuthorization {
  readonly state: DeviceAuthorizationState;
  readonly client: string;
  readonly scope: readonly string[];
  readonly target?: TargetName;
  /** S256 challenge of the poller, if it gave one. */
  readonly challenge?: string;
  /** Thumbprint of the key that only the poller has, if it named or proved one (S-04). */
  readonly jkt?: string;
  /** Sealed, to be shown on the confirmation page. */
  readonly userCode: string;
  /** Names the authorization in the browser; opens nothing. */
  readonly handle: string;
  readonly origin: Origin;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly interval: Seconds;
  /** The person whose browser showed it. */
  readonly shownTo?: SubjectId;
  readonly person?: Person;
  readonly realmGrant?: string;
  /** Keyed hash of session and choice: the same form sent again is answered as it was, any other is too late. */
  readonly decision?: string;
  /** Why it is denied: the program is told, and so is whoever sends the form again. */
  readonly refused?: LoginRefused;
  /** What the redeemed login became, so that the approver can still end it ("this was not me"). */
  readonly login?: LoginId;
}

/** Release 0.1.0 calls a person whom nobody confirms any more `upstream`. */
const storedRefused: StoredForm<LoginRefused> = {
  write: (why) => (why === "notConfirmed" ? "upstream" : why),
  read: (stored) => (stored === "upstream" ? "notConfirmed" : (stored as LoginRefused)),
};

export const deviceAuthorizationKind = defineKind<DeviceAuthorization>()(
  "device",
  [
    "state",
    "client",
    "scope",
    "target",
    "challenge",
    "jkt",
    "userCode",
    "handle",
    "origin",
    "startedAt",
    "expiresAt",
    "interval",
    "shownTo",
    "person",
    "realmGrant",
    "decision",
    "refused",
    "login",
  ],
  {
    stored: {
      login: { name: "family" },
      person: { form: storedPerson },
      realmGrant: { name: "upstreamGrant" },
      refused: { form: storedRefused },
    },
    subject: ({ person, startedAt }) => person && { person, began: startedAt },
  },
);

type Hashing = Pick<IssuerDeps, "seal">;

/** Store id of a device code. */
export const deviceAuthorizationId = ({ seal }: Hashing, deviceCode: string): string =>
  seal.hash("device code", deviceCode);
/** Alias of a user code. */
export const userCodeAlias = ({ seal }: Hashing, userCode: string): string => `u:${seal.hash("user code", userCode)}`;
/** Alias of a handle. */
export const handleAlias = (handle: string): string => `f:${handle}`;
