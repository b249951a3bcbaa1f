import { z } from "zod";
import type { Instant } from "../core/index.ts";
import { mapOf, type RealmAccess, textOf } from "./access.ts";
import type { RealmStateStore } from "./state.ts";

/** Who changed a realm through its files last; stands in the realm, so that another operator sees it. */
export interface LastApply {
  /** Account and machine. */
  readonly by: string;
  readonly at: Instant;
  readonly did: "applied" | "removed";
  /** Digest of the wanted state, as in the plan. */
  readonly digest: string;
  /** Name of the realm's file, without its folder; absent: written by an earlier release. */
  readonly file?: string | undefined;
}

const attribute = "cloudpass.lastApply";
const shape = z.object({
  ...{ by: z.string(), at: z.int(), did: z.enum(["applied", "removed"]), digest: z.string() },
  file: z.string().optional(),
});

/** Writes the record. To be called by who holds the lease: realm attributes are written all at once. Throws `Fault`. */
export const recordApply = ({ settle }: RealmStateStore, realm: string, note: LastApply): Promise<void> =>
  settle(`note in realm ${realm} who applied`, { attributes: { [attribute]: JSON.stringify(note) } });

/** The record in a realm; `undefined` when there is none, or somebody has spoilt it. Throws `Fault`. */
export const readLastApply = async (at: RealmAccess): Promise<LastApply | undefined> =>
  lastApplyIn((await at.settings()) ?? {});

/** The record in the attributes of a realm that was read. */
export function lastApplyIn({ attributes }: { readonly attributes?: unknown }): LastApply | undefined {
  const text = textOf(mapOf(attributes)?.[attribute]);
  try {
    return shape.parse(JSON.parse(text)) as LastApply;
  } catch {
    return undefined;
  }
}
