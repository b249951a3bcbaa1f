import { type FamilyId, type Instant, type MintedName, type Person, type Seconds, seconds } from "../../core/index.ts";
import { type Creation, defineKind } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";

/** All that hangs on one confirmed login. Gone = revoked or over; nothing derived from it is honoured then. */
export interface Family {
  readonly state: "live";
  readonly client: string;
  readonly scope: readonly string[];
  readonly flow: "device" | "browser";
  readonly person: Person;
  readonly upstreamGrant: string;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
}

export const familyKind = defineKind<Family>()("family", [
  "state",
  "client",
  "scope",
  "flow",
  "person",
  "upstreamGrant",
  "startedAt",
  "expiresAt",
]);

/** A refresh token as the store knows it: `rotated` once it was used, `replayed` once its successor was handed out again. */
export interface RefreshRecord {
  readonly state: "current" | "rotated" | "replayed";
  readonly family: FamilyId;
  readonly client: string;
  readonly rotatedAt?: Instant;
}

export const refreshKind = defineKind<RefreshRecord>()("refresh", ["state", "family", "client", "rotatedAt"]);

/** Store id of a refresh token. */
export const refreshId = (deps: Pick<IssuerDeps, "seal">, token: string): string => deps.seal.hash("refresh", token);

/** The record of a new refresh token, to be made in the same step as what led to it. */
export function refreshCreation(
  deps: Pick<IssuerDeps, "seal" | "clock">,
  token: string,
  id: FamilyId,
  family: Family,
): Creation<RefreshRecord> {
  return {
    kind: refreshKind,
    id: refreshId(deps, token),
    value: { state: "current", family: id, client: family.client },
    ttl: remaining(deps, family),
    family: id,
  };
}

/** Seconds until the family ends, at least one. */
export const remaining = (deps: Pick<IssuerDeps, "clock">, family: Family): Seconds =>
  seconds(Math.max(1, family.expiresAt - deps.clock.now()));

/** Rights of the family's person on one audience, decided now. */
export interface Rights {
  readonly audience: string;
  readonly groups: readonly MintedName[];
  /** End of the earliest window among the rights, if any: no token outlives it. */
  readonly until?: Instant;
}
