import {
  type IdentityProviderAlias,
  type Instant,
  type Seconds,
  type SubjectId,
  seconds,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import type { LoginMethod } from "../../policy/index.ts";
import { defineKind, type Store } from "../../store/index.ts";

/**
 * Where an access request stands. `approving`: a decider has it, and its grant is being saved; whoever is shown it sees it as
 * asked. The ends are approved, denied, withdrawn and expired: nothing leads out of them.
 */
export type RequestState = "asked" | "approving" | "approved" | "denied" | "withdrawn" | "expired";

/** What was given: no more, and no longer, than was asked for. */
export interface Approval {
  readonly at: readonly TargetName[];
  /** The window of the grant. It begins with the approval. */
  readonly from: Instant;
  readonly until: Instant;
}

/** What a person asked for, and what became of it. Its id is that of the grant which it may become. */
export interface AccessRequest {
  readonly state: RequestState;
  readonly tenant: TenantName;
  /** Who asks: by the broker's id, at Keycloak, and at the identity provider, by which the grant finds the person. */
  readonly sub: SubjectId;
  readonly realmSubject: string;
  readonly identityProvider: IdentityProviderAlias;
  readonly subject: string;
  /** For display only. */
  readonly preferredUsername: string;
  readonly name?: string;
  readonly email?: string;
  readonly set: string;
  readonly at: readonly TargetName[];
  readonly length: Seconds;
  readonly reason: string;
  /** With which login it was asked: who decides sees it, since one with a code may have been tricked out of somebody. */
  readonly loginMethod?: LoginMethod;
  readonly askedAt: Instant;
  /** Undecided then, it is over. */
  readonly waitsUntil: Instant;
  /** Who decides or decided, and when. */
  readonly decider?: { readonly sub: SubjectId; readonly name: string; readonly email?: string };
  readonly decidedAt?: Instant;
  readonly approval?: Approval;
  readonly commit?: string;
  /** Its grant was only proposed: it counts when somebody has merged it at the remote. */
  readonly proposed?: true;
  /** Why it was denied. */
  readonly denial?: string;
  /** What was told to those whom it concerns. */
  readonly told?: readonly Told[];
}

/** One thing that is told once. */
export type Told = "asked" | "decided" | "ending";

/** An access request and its id. */
export interface KeptRequest {
  readonly id: string;
  readonly value: AccessRequest;
}

const requestKind = defineKind<AccessRequest>()("access-request", [
  "state",
  "tenant",
  "sub",
  "realmSubject",
  "identityProvider",
  "subject",
  "preferredUsername",
  "name",
  "email",
  "set",
  "at",
  "length",
  "reason",
  "loginMethod",
  "askedAt",
  "waitsUntil",
  "decider",
  "decidedAt",
  "approval",
  "commit",
  "proposed",
  "denial",
  "told",
]);

/** So many a person may ask for in a day. */
const perDay = { name: "access-requests", limit: 20, window: seconds(86_400) };
/** How long what became of it can be looked up. */
const keptFor = 30 * 86_400;

type Deps = { readonly store: Store };

/** Keeps a new request. `exists`: it is kept already; `refused`: the person has asked for too much today. */
export const keepRequest = ({ store }: Deps, id: string, value: AccessRequest) =>
  store.put(
    requestKind,
    id,
    value,
    {
      ttl: seconds(value.waitsUntil - value.askedAt + keptFor),
      tags: [
        { kind: "access-requests", tenant: value.tenant },
        { kind: "access-requests-of", sub: value.sub },
      ],
    },
    [{ budget: perDay, key: value.sub }],
  );

/** Reads a request. */
export const readRequest = ({ store }: Deps, id: string): Promise<AccessRequest | undefined> =>
  isRequestId(id) ? store.get(requestKind, id) : Promise.resolve(undefined);

/** What an id looks like; another text is nobody's. */
export const isRequestId = (text: string): boolean => /^request-[0-9a-f]{20}$/.test(text);

/** The requests of a tenant, or of a person, the newest first. */
export async function requestsBy(
  { store }: Deps,
  whose: { readonly tenant: TenantName } | { readonly sub: SubjectId },
): Promise<readonly KeptRequest[]> {
  const tag =
    "tenant" in whose
      ? ({ kind: "access-requests", tenant: whose.tenant } as const)
      : ({ kind: "access-requests-of", sub: whose.sub } as const);
  const found = await store.list(requestKind, tag);
  return [...found].sort((a, b) => b.value.askedAt - a.value.askedAt || (a.id < b.id ? -1 : 1));
}

/**
 * Takes a request from one of some states to another, when it is still in one of them. With its end it is kept for so long
 * that everybody can look up what became of it.
 */
export async function moveRequest(
  { store }: Deps,
  id: string,
  from: readonly RequestState[],
  patch: Partial<AccessRequest> & Pick<AccessRequest, "state">,
): Promise<{ readonly won: boolean; readonly now: AccessRequest | undefined }> {
  const { approval, state, decidedAt } = patch;
  const runs = approval !== undefined && decidedAt !== undefined ? approval.until - decidedAt : 0;
  const isOver = state !== "asked" && state !== "approving";
  const moved = await store.advance(requestKind, id, from, patch, isOver ? { ttl: seconds(runs + keptFor) } : {});
  if (moved.outcome === "absent") return { won: false, now: undefined };
  return moved.outcome === "won" ? { won: true, now: moved.value } : { won: false, now: moved.current };
}

/** Notes that something was told; once, whoever else looks. */
export async function noteTold({ store }: Deps, { id, value }: KeptRequest, what: Told): Promise<void> {
  await store.advance(requestKind, id, [value.state], { told: [...(value.told ?? []), what] });
}
