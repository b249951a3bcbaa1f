import {
  authorizationRequestLife,
  err,
  type Instant,
  type LoginId,
  type Person,
  refusal,
  seconds,
} from "../../core/index.ts";
import { defineKind, storedPerson } from "../../store/index.ts";
import type { AuthorizationRequest } from "./request.ts";

/** How a request was decided, kept so that the same form sent again gets the same answer. */
export interface Decided {
  /** Keyed hash of session and choice. */
  readonly decision?: string;
  /** Where the browser was sent, sealed: it may hold the code. */
  readonly answer?: string;
  readonly decidedAt?: Instant;
}

const decidedFields = ["decision", "answer", "decidedAt"] as const;

/** An authorization request that waits for a person, in one browser. */
export interface PendingAuthorization extends Decided {
  readonly state: "waiting" | "decided";
  readonly request: AuthorizationRequest;
  /** Keyed hash of the cookie that binds it to the browser it came from. */
  readonly browser: string;
  readonly startedAt: Instant;
  /** Store id of the pushed request behind it: whatever number of browsers wait with one, it is decided once. */
  readonly pushed?: string;
  /** Where the browser was, and whoever pushed: what it cost there is given back when it is decided. */
  readonly startedFrom?: string;
  readonly pushedFrom?: string;
}

export const pendingAuthorizationKind = defineKind<PendingAuthorization>()("authorization", [
  "state",
  "request",
  "browser",
  "startedAt",
  "pushed",
  ...decidedFields,
  "startedFrom",
  "pushedFrom",
]);

/** A pushed authorization request (RFC 9126): one answer goes to the client, however often the link is opened. */
export interface PushedRequest extends Decided {
  readonly state: "open" | "decided";
  readonly client: string;
  readonly request: AuthorizationRequest;
  /** End of the reference. Whoever opened it before may decide later. */
  readonly expiresAt: Instant;
  /** Where the client was, if its network paid for it. */
  readonly startedFrom?: string;
}

export const pushedKind = defineKind<PushedRequest>()("pushed-request", [
  "state",
  "client",
  "request",
  "expiresAt",
  ...decidedFields,
  "startedFrom",
]);

/** An authorization code. Kept after its redemption, so that a second one is seen and ends what the first one made (S-25). */
export interface CodeRecord {
  readonly state: "issued" | "redeemed" | "burnt";
  readonly request: AuthorizationRequest;
  readonly person: Person;
  readonly realmGrant: string;
  /** Where the browser was that confirmed it, as far as the network says (S-73); absent: not known. */
  readonly confirmedFrom?: string;
  readonly expiresAt: Instant;
  readonly login?: LoginId;
}

export const codeKind = defineKind<CodeRecord>()(
  "code",
  ["state", "request", "person", "realmGrant", "confirmedFrom", "expiresAt", "login"],
  {
    stored: { login: { name: "family" }, person: { form: storedPerson }, realmGrant: { name: "upstreamGrant" } },
    subject: ({ person }) => ({ person }),
  },
);

/** A code is traded at once by the program that waits for it (RFC 6749 section 4.1.2: ten minutes at most). */
export const codeLife = seconds(60);
/** How long a redeemed code is remembered. */
export const codeMemory = seconds(600);
/** For this long the form of a decision, sent again, gets the same answer: a double click on a slow day. */
export const repeatable = seconds(30);
/**
 * Requests from one network that wait for a person: anybody may make them, and each is kept for a while (S-56). What is
 * decided is given back, so only those that nobody finishes are counted, for as long as they are kept: a school behind one
 * address signs in at eight o'clock, hundreds in a second (S-74).
 */
export const waitingRequests = { name: "authorize-start", limit: 20_000, window: authorizationRequestLife } as const;
/** Said when they are used up. */
export const tooMany = (message: string) => err(refusal("too_many_requests", message));
/** Time a client has to use a pushed request (RFC 9126 section 2.2). */
export const pushedLife = seconds(60);
/** How long a pushed request is remembered: until whoever opened it at the last moment must have decided. */
export const pushedMemory = seconds(pushedLife + authorizationRequestLife);
/** The same for pushed requests of public clients; others are known. */
export const pushedRequests = { name: "pushed-start", limit: 20_000, window: pushedMemory } as const;
