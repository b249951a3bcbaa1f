import { deepFreeze, err, ok, type Result } from "../core/index.ts";
import { type Lookup, type Problem, rereading } from "../yaml/index.ts";
import { type RealmFile, readRealms } from "./format/load.ts";
import {
  type MembersEntry,
  membersTable,
  type RecheckEntry,
  recheckTable,
  type StageEntry,
  stageTable,
} from "./recheck.ts";

/** What the broker needs to know of the realm files while it runs. */
export interface RealmTables {
  readonly rechecks: readonly RecheckEntry[];
  /** Absent without realm files. */
  readonly stages?: readonly StageEntry[];
  /** Organizations whose people live in a realm; absent without realm files. */
  readonly members?: readonly MembersEntry[];
}

/**
 * Reads the tables again whenever it is asked, and parses only what has changed (`rereading`): half a file must not close
 * identity providers.
 */
export function rereadRealmTables(
  read: () => Result<readonly RealmFile[], Problem[]>,
  lookup: Lookup,
): () => Result<RealmTables, Problem[]> {
  return rereading<RealmFile, RealmTables>(read, (files) => tablesOf(files, lookup), { rechecks: [] });
}

function tablesOf(files: readonly RealmFile[], lookup: Lookup): Result<RealmTables, Problem[]> {
  if (files.length === 0) return ok({ rechecks: [] });
  const { realms, problems } = readRealms(files, lookup);
  if (problems.length > 0) return err(problems);
  const data = realms.map((realm) => realm.data);
  return ok(deepFreeze({ rechecks: recheckTable(data), stages: stageTable(data), members: membersTable(data) }));
}
