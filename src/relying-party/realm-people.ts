import type { SubjectId } from "../core/index.ts";
import type { Tag } from "../store/index.ts";
import type { RelyingPartyDeps } from "./deps.ts";
import type { Realm } from "./realm.ts";
import { namedTag, realmGrantKind, refreshTokenOf } from "./realm-grant.ts";

type Deps = Pick<RelyingPartyDeps, "store" | "seal">;

/**
 * Who is signed in under a name of an identity provider now: to the letter, or else loosely. More than one if the name was
 * given anew, or if names differ in case and blanks only.
 */
export async function findNamed(deps: Deps, identityProvider: string, name: string): Promise<readonly SubjectId[]> {
  for (const how of ["exactly", "loosely"] as const) {
    const grants = await deps.store.list(realmGrantKind, namedTag(deps.seal, how, identityProvider, name));
    if (grants.length > 0) return [...new Set(grants.map(({ value }) => value.sub))];
  }
  return [];
}

/** Who is signed in under a tag of a directory. */
export async function findProvisioned(deps: Pick<Deps, "store">, tag: Tag): Promise<readonly SubjectId[]> {
  const grants = await deps.store.list(realmGrantKind, tag);
  return [...new Set(grants.map(({ value }) => value.sub))];
}

/** What a person's sign-ins left at the realm, read before the records go. */
export interface RealmSessions {
  readonly count: number;
  /** Ends them all at the realm. Throws `Fault` when it does not answer. */
  end(): Promise<void>;
}

/** The person's sessions at the realm, as far as we have a key to them. */
export async function realmSessionsOf(deps: Deps, realm: Realm, sub: SubjectId): Promise<RealmSessions> {
  const grants = await deps.store.list(realmGrantKind, { kind: "person", sub });
  const tokens = grants.flatMap(({ value }) => refreshTokenOf(deps, value) ?? []);
  return {
    count: tokens.length,
    end: async () => {
      for (const token of tokens) await realm.revoke(token);
    },
  };
}
