import { err, ok, ownerOf, type Result } from "../../core/index.ts";
import { type Problem, parseYaml, type YamlDocument } from "../../yaml/index.ts";
import type { TenantScope } from "./change.ts";
import { type EntryName, entriesOf, isRecord, type PlacedEntry, sectionOf, tenantOf } from "./entry.ts";

/** Path → text, of every file that may speak for the tenant. Their order means nothing. */
export type PolicyTexts = ReadonlyMap<string, string>;

/** Why a change is not made. */
export interface EditRefusal {
  /** None where a file is meant as a whole. */
  readonly entry?: EntryName;
  readonly reason: EditRefusalReason;
  /** In words, with what to do. */
  readonly message: string;
  /** Of `invalid` and `unreadable`, with their places; of the former in the text as it would have become. */
  readonly problems: readonly Problem[];
}

/**
 * `absent`: nothing to remove. `exists`: an entry of that name is there. `foreign`: it stands, or would stand, in a file
 * that is not the tenant's. `ambiguous`: it stands twice, or is changed twice. `invalid`: the value does not fit.
 * `unreadable`: a file cannot be read.
 */
type EditRefusalReason = "absent" | "exists" | "foreign" | "ambiguous" | "invalid" | "unreadable";

/** A file with what stands in it. */
export interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly documents: readonly YamlDocument[];
  /** Whose file it is (S-83); none: the operator's, or an empty one. */
  readonly owner: string | undefined;
  /** Of the tenant that is asked for. */
  readonly entries: readonly PlacedEntry[];
}

/** All files that were read. */
export interface ReadFiles {
  /** By their paths, in their order. */
  readonly files: Map<string, ReadFile>;
  /** Every tenant that is known. */
  readonly tenants: ReadonlySet<string>;
}

/**
 * Reads files for the sake of one tenant. A file that is another tenant's by its name need not be readable: no tenant can
 * stop another one's work.
 */
export function readFiles(
  texts: PolicyTexts,
  { tenant, tenants: known = [] }: TenantScope,
): Result<ReadFiles, EditRefusal[]> {
  const parsed = [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => ({ file, text, result: parseYaml(text, file) }));
  const documents = parsed.flatMap(({ result }) => (result.ok ? result.value : []));
  const tenants = new Set([tenant, ...known, ...documents.flatMap(tenantsIn)]);
  const files = new Map<string, ReadFile>();
  const refusals: EditRefusal[] = [];
  for (const { file, text, result } of parsed) {
    const named = ownerOf(file, tenants);
    if (result.ok) {
      const entries = entriesOf(result.value).filter((entry) => entry.tenant === tenant);
      files.set(file, { file, text, documents: result.value, owner: named ?? firstTenant(result.value), entries });
    } else if (named === undefined || named === tenant) refusals.push(unreadable(file, result.refusal));
  }
  return refusals.length > 0 ? err(refusals) : ok({ files, tenants });
}

const unreadable = (file: string, problems: readonly Problem[]): EditRefusal => ({
  reason: "unreadable",
  message: `${file} cannot be read. Mend it first.`,
  problems,
});

/** The tenants that a document names: it speaks for one, or is the operator's and lists them. */
function tenantsIn(document: YamlDocument): string[] {
  const listed = sectionOf(document, "kind") === "Targets" ? sectionOf(document, "tenants") : undefined;
  return [tenantOf(document) ?? [], isRecord(listed) ? Object.keys(listed) : []].flat();
}

/** A file that is called after nobody is of the tenant whose policy stands first in it. */
function firstTenant(documents: readonly YamlDocument[]): string | undefined {
  const first = documents.find(({ value }) => value !== null && value !== undefined);
  return first === undefined ? undefined : tenantOf(first);
}
