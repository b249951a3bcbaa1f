import { isSameValue } from "../../yaml/index.ts";
import { entrySchemas } from "../format/schema.ts";
import { type EntryName, isRecord, namedBy } from "./entry.ts";

/** What an entry is to be. A rename is a removal and an addition; what is replaced keeps its place. */
export interface Change extends EntryName {
  /** As the schema has it; `undefined`: the entry goes. The `id` of a grant and the `name` of a test may be left out. */
  readonly value: unknown;
  /** The entry is a new one: refused where there is one of that name. */
  readonly add?: true;
}

/** For whom. */
export interface TenantScope {
  readonly tenant: string;
  /** All tenants' names, by which files and folders are called; those that the files name count anyway. No iterator: it is read often. */
  readonly tenants?: readonly string[] | ReadonlySet<string>;
}

/** For whom, and where to. */
export interface EditOptions extends TenantScope {
  /** The file that is made when the tenant has none. */
  readonly newFile: string;
}

/** A value in the order of the schema if it fits, else as it is; without what no file can say. */
export function plainValue({ section, name, value }: Change): unknown {
  if (value === undefined) return undefined;
  const plain: unknown = JSON.parse(JSON.stringify(value) ?? "null");
  const key = namedBy[section];
  const named = key !== undefined && isRecord(plain) ? { [key]: name, ...plain } : plain;
  const fitting = entrySchemas[section].safeParse(named);
  // A check may leave out what it would refuse elsewhere: nothing may go in silence.
  return fitting.success && isSameValue(fitting.data, named) ? fitting.data : named;
}
