import { contentsOfRealm, type RealmContents, type RealmRemoved, removeRealm } from "../../realms/index.ts";
import { type Actor, holderOf } from "../actor.ts";
import type { RealmDeps } from "./plan.ts";
import { type ReachableRealm, type RealmsWanted, reachRealms } from "./reach.ts";

/** A realm that would go with everything in it. */
export interface WholeRealm {
  readonly realm: string;
  readonly reached: ReachableRealm;
}

/** What a whole realm holds, or why it is not to be deleted. */
export type WholeRealmLook =
  /** The file protects these: nothing was asked of Keycloak. */
  | { readonly outcome: "protected"; readonly realm: string; readonly protects: readonly string[] }
  | { readonly outcome: "absent"; readonly realm: string }
  /** It was there before its file. */
  | { readonly outcome: "not ours"; readonly realm: string }
  | { readonly outcome: "ours"; readonly realm: string; readonly contents: RealmContents; readonly whole: WholeRealm };

/** The realms that are meant, each to be looked at by `lookAtWholeRealm`. Asks no server. */
export const wholeRealms = (wanted: RealmsWanted, deps: Pick<RealmDeps, "lookup">): readonly WholeRealm[] =>
  reachRealms(wanted, deps).map((reached) => ({ realm: reached.spec.realm, reached }));

/** What goes with a realm that is deleted. Throws `Fault` when Keycloak does not answer. Makes and deletes a scratch realm. */
export async function lookAtWholeRealm(
  whole: WholeRealm,
  { clock, random, listener }: Omit<RealmDeps, "lookup">,
): Promise<WholeRealmLook> {
  const { realm, reached } = whole;
  if (reached.spec.protect.length > 0) return { outcome: "protected", realm, protects: reached.spec.protect };
  listener({ kind: "reading", what: `realm ${realm}` });
  const contents = await contentsOfRealm(reached.connection, realm, { clock, random });
  if (contents === undefined) return { outcome: "absent", realm };
  return contents.ours ? { outcome: "ours", realm, contents, whole } : { outcome: "not ours", realm };
}

/**
 * Deletes a realm with everything in it, if it holds as many foreign things as were confirmed. Nothing brings it back.
 * Throws `Fault`: then nobody knows whether it is gone.
 */
export const deleteWholeRealm = (
  { whole, confirmed }: { readonly whole: WholeRealm; readonly confirmed: number },
  { clock, random }: Pick<RealmDeps, "clock" | "random">,
  actor: Actor,
): Promise<RealmRemoved> => {
  const lease = { holder: holderOf(actor), clock, random };
  return removeRealm(whole.reached.connection, whole.realm, { clock, random, confirmed, lease });
};
