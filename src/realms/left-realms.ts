import { basename } from "node:path";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import { Fault } from "../core/index.ts";
import type { Plan } from "../reconcile/index.ts";
import { type RealmAccess, textOf } from "./access.ts";
import type { RealmSpec } from "./format/model.ts";
import { isMarked } from "./kinds/kind.ts";
import { lastApplyIn } from "./last-apply.ts";
import { named } from "./losses.ts";
import { isMadeBy } from "./remarks.ts";

/** A file as the record in a realm names it: without its folder, which is another one on another machine. */
export const fileNameOf = (file: string): string => basename(file);

/**
 * Of a plan that makes a realm: which realms of ours on the same Keycloak are in no file any more, since a realm whose
 * name changed in its file is one of them. `inFiles`: names of all realms of the files. Nothing is asked for other plans.
 * Realms that the account may not see are not named. Throws `Fault` when Keycloak does not answer.
 */
export async function formatLeftRealms(
  at: RealmAccess,
  { spec, plan, inFiles }: { readonly spec: RealmSpec; readonly plan: Plan; readonly inFiles: readonly string[] },
): Promise<readonly string[]> {
  if (!isMadeBy(plan, spec.realm)) return [];
  const left = (await realmsOf(at)).filter((one) => isOurs(one) && !inFiles.includes(textOf(one.realm)));
  const fromFile = left.filter((one) => lastApplyIn(one)?.file === fileNameOf(spec.file));
  if (fromFile.length > 0) {
    return fromFile.map(
      ({ realm: old = "" }) =>
        `realm ${old} was made by ${fileNameOf(spec.file)} and is in no file any more. ${renaming(old, spec.realm)}`,
    );
  }
  if (left.length === 0) return [];
  const listed = named(left.map((one) => textOf(one.realm)));
  const are = left.length === 1 ? `realm ${listed} is` : `realms ${listed} are`;
  return [
    `${are} ours and in none of the files given. If ${spec.realm} is a new name: ${renaming("the old one", spec.realm)}`,
  ];
}

const renaming = (old: string, made: string): string =>
  `Renaming makes a new realm: people, sessions, keys and what others made stay in ${old}, which stays as it is and goes on working, and ${made} begins empty. To go on with ${old}, write its old name; to end it, give its file to realms destroy`;

/** All realms that the account sees, with their attributes. */
async function realmsOf(at: RealmAccess): Promise<readonly RealmRepresentation[]> {
  try {
    return await at.list("realms, to see which are in no file", ({ realms }) =>
      realms.find({ briefRepresentation: false }),
    );
  } catch (thrown) {
    // Whoever may make a realm may still not list them.
    if (thrown instanceof Fault && thrown.refused) return [];
    throw thrown;
  }
}

/** Made by us, or by a file that took it over. */
const isOurs = (realm: RealmRepresentation): boolean =>
  isMarked(realm.attributes) || lastApplyIn(realm)?.did === "applied";
