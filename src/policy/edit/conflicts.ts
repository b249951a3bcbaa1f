import { err, ok, type Result } from "../../core/index.ts";
import { isSameValue } from "../../yaml/index.ts";
import { type Change, plainValue, type TenantScope } from "./change.ts";
import { type EntryName, sectionOf, tenantOf } from "./entry.ts";
import { type FieldChange, fieldChanges } from "./fields.ts";
import { type EditRefusal, type PolicyTexts, type ReadFiles, readFiles } from "./files.ts";

/** An entry that somebody else changed meanwhile. */
export interface Conflict extends EntryName {
  /** What of it, from before to now; the entry as a whole, where it came or went. */
  readonly fields: readonly FieldChange[];
}

/** Which changes collide with what others did meanwhile. */
export interface Collisions {
  readonly conflicts: readonly Conflict[];
  /** The changes without those that conflict, and without those that are made already. */
  readonly open: readonly Change[];
}

/**
 * Holds changes, made with the texts of one commit (`base`) in view, against those of a later one (`head`). An entry that
 * somebody else changed conflicts, even in other fields: nobody looked at the two together. Other entries do not matter.
 */
export function conflictsOf(
  base: PolicyTexts,
  head: PolicyTexts,
  changes: readonly Change[],
  scope: TenantScope,
): Result<Collisions, EditRefusal[]> {
  const read = valuesOfAll(scope, base, head);
  if (!read.ok) return read;
  const [seen, now] = read.value;
  return ok(collisions(changes, seen, now));
}

/** What undoes a commit. */
export interface Reversal extends Collisions {
  /** What the commit changed of the tenant besides its entries, and what stays as it is: `rules`, `requestable`, `review`. */
  readonly left: readonly string[];
}

/**
 * The changes by which the head says again of each entry what stood before one commit (`before`, `after`: the texts
 * around it). What was changed again since then conflicts.
 */
export function reverse(
  before: PolicyTexts,
  after: PolicyTexts,
  head: PolicyTexts,
  scope: TenantScope,
): Result<Reversal, EditRefusal[]> {
  const read = valuesOfAll(scope, before, after, head);
  if (!read.ok) return read;
  const [old, fresh, now] = read.value;
  const changes = [...new Map([...old.entries, ...fresh.entries]).entries()].flatMap(([key, { section, name }]) => {
    const value = old.entries.get(key)?.value;
    return isSameValue(value, fresh.entries.get(key)?.value) ? [] : [{ section, name, value }];
  });
  const left = unnamed.filter((section) => !isSameValue(old[section], fresh[section]));
  return ok({ ...collisions(changes, fresh, now), left });
}

/** What all files say of a tenant. */
interface Values {
  /** By a text that is made of section and name. */
  readonly entries: ReadonlyMap<string, EntryName & { readonly value: unknown }>;
  readonly rules: readonly unknown[];
  readonly requestable: readonly unknown[];
  readonly review: readonly unknown[];
}

/** What is no entry: left to hand and review. */
const unnamed = ["rules", "requestable", "review"] as const;

const keyOf = ({ section, name }: EntryName): string => JSON.stringify([section, name]);

function collisions(changes: readonly Change[], seen: Values, now: Values): Collisions {
  const conflicts: Conflict[] = [];
  const open: Change[] = [];
  for (const change of changes) {
    const { section, name } = change;
    const before = seen.entries.get(keyOf(change))?.value;
    const there = now.entries.get(keyOf(change))?.value;
    if (isSameValue(there, plainValue(change))) continue;
    if (isSameValue(there, before)) open.push(change);
    else conflicts.push({ section, name, fields: fieldChanges(change, before, there) });
  }
  return { conflicts, open };
}

type Each<T extends readonly unknown[]> = { [K in keyof T]: Values };

function valuesOfAll<T extends readonly PolicyTexts[]>(
  scope: TenantScope,
  ...texts: T
): Result<Each<T>, EditRefusal[]> {
  const read = texts.map((each) => readFiles(each, scope));
  const refusals = read.flatMap((each) => (each.ok ? [] : each.refusal));
  if (refusals.length > 0) return err(refusals);
  return ok(read.flatMap((each) => (each.ok ? [valuesOf(each.value, scope.tenant)] : [])) as Each<T>);
}

function valuesOf({ files }: ReadFiles, tenant: string): Values {
  const all = [...files.values()];
  const said = (section: (typeof unnamed)[number]) =>
    all.flatMap(({ documents }) =>
      documents.flatMap((document) => (tenantOf(document) === tenant ? (sectionOf(document, section) ?? []) : [])),
    );
  return {
    entries: new Map(all.flatMap(({ entries }) => entries.map((entry) => [keyOf(entry), entry] as const))),
    rules: said("rules"),
    requestable: said("requestable"),
    review: said("review"),
  };
}
