import { type Clock, type Instant, type Random, type Seal, type Seconds, seconds, token } from "../core/index.ts";
import type { Store } from "../store/index.ts";

/** What the room's functions are made of. */
export interface ProvisioningDeps {
  readonly store: Store;
  readonly seal: Pick<Seal, "hash">;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a directory pushed, as SCIM describes it, without what is the broker's own (`id`, `meta`, `schemas`). */
export type Attributes = Readonly<Record<string, unknown>>;

/** Something that was pushed. */
export interface Resource {
  readonly id: string;
  /** Changes with each change. */
  readonly version: string;
  readonly attributes: Attributes;
  readonly created: Instant;
  readonly modified: Instant;
  /** Of a user: values under which what was opened is still to be ended, as they are compared. */
  readonly ending?: readonly string[];
}

/** The same, as the store keeps it; `state` is the version, or `gone` while it is being removed. */
export interface StoredResource {
  readonly state: string;
  readonly id: string;
  readonly attributes: Attributes;
  readonly created: Instant;
  readonly modified: Instant;
  readonly ending?: readonly string[];
}

/** The fields that are kept. */
export const fields = ["state", "id", "attributes", "created", "modified", "ending"] as const;

/** No record is without an end. Each change begins it anew. */
export const kept: Seconds = seconds(10 * 365 * 86_400);
/** State of a record that was deleted: its values stay taken. */
export const gone = "gone";

/** A new version, for compare-and-set. */
export const newVersion = (random: Random): string => token(random, 9);

/** The resource of a record; nothing where it is gone. */
export const resourceOf = (stored: StoredResource | undefined): Resource | undefined => {
  if (stored === undefined || stored.state === gone) return undefined;
  const { state: version, ...resource } = stored;
  return { ...resource, version };
};

/** Why something was not kept. `stale`: somebody changed it meanwhile. */
export type NotKept = "absent" | "stale" | "too many" | { readonly taken: string };
