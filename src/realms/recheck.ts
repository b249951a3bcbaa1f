import { deepFreeze, no, ok, type Problem, type Result, type UpstreamAlias } from "../core/index.ts";
import { readRealms } from "./load.ts";
import type { Lookup, Recheck } from "./model.ts";

/** What the broker must know about one customer's IdP while it runs. */
export interface RecheckEntry {
  readonly alias: UpstreamAlias;
  readonly issuer: string;
  readonly recheck: Recheck;
  /** Claims to take from the IdP's userinfo, in place of those of the last login. */
  readonly claims: readonly string[];
}

interface Realm {
  readonly upstreams: readonly (Omit<RecheckEntry, "alias"> & { readonly id: string })[];
}

/** The IdPs of all realms; aliases are unique across realms (checked when they are loaded). */
export const recheckTable = (realms: readonly Realm[]): readonly RecheckEntry[] =>
  realms.flatMap((realm) =>
    realm.upstreams.map(({ id, issuer, recheck, claims }) => ({ alias: id as UpstreamAlias, issuer, recheck, claims })),
  );

/** The table straight from the files, for the broker: it needs none of the IdPs' secrets, so none is looked up. */
export function readRechecks(
  files: readonly { readonly file: string; readonly text: string }[],
  lookup: Lookup,
): Result<readonly RecheckEntry[], Problem[]> {
  const { realms, problems } = readRealms(files, lookup);
  return problems.length > 0 ? no(problems) : ok(deepFreeze(recheckTable(realms.map((realm) => realm.data))));
}
