import { err, ok, type Result } from "../../core/index.ts";
import { type Path, type Problem, parseYaml, type YamlDocument } from "../../yaml/index.ts";

/** What of a tenant's policy is changed entry by entry. Rules are left to hand and review. */
export type Section = "sets" | "people" | "grants" | "tests";

/** The members of a policy document in their usual order. */
export const usualOrder = [
  "kind",
  "tenant",
  "sets",
  "people",
  "grants",
  "requestable",
  "review",
  "rules",
  "tests",
] as const;

/** Sections whose entries are items of a list, and the member that names each. Those of the others are named by their key. */
export const namedBy: Readonly<Partial<Record<Section, "id" | "name">>> = { grants: "id", tests: "name" };

const sections: readonly Section[] = ["sets", "people", "grants", "tests"];

/** The name of an entry within its tenant. */
export interface EntryName {
  readonly section: Section;
  /** The key of a set or of people, the `id` of a grant, the `name` of a test. */
  readonly name: string;
}

/** One set, people, grant or test of a tenant, as a file says it. */
export interface Entry extends EntryName {
  readonly tenant: string;
  /** As the schema has it, a grant with its `id` and a test with its `name`. */
  readonly value: unknown;
  readonly file: string;
  /** First and last line (1-based), without comments. */
  readonly line: number;
  readonly lastLine: number;
}

/** An entry and its place among the documents of its file. */
export interface PlacedEntry extends Entry {
  readonly document: number;
}

/**
 * The entries of a policy file, in its order; none of a file of the operator's. What does not look like an entry, such as
 * a grant without an `id`, is left out: `loadPolicy` says what is wrong with it.
 */
export function readEntries(text: string, file: string): Result<Entry[], Problem[]> {
  const read = parseYaml(text, file);
  if (!read.ok) return err(read.refusal);
  return ok(entriesOf(read.value).map(({ document: _document, ...entry }) => entry));
}

/** The entries of the documents of a file. */
export const entriesOf = (documents: readonly YamlDocument[]): PlacedEntry[] =>
  documents.flatMap((document, index) => {
    const tenant = tenantOf(document);
    if (tenant === undefined) return [];
    return sections.flatMap((section) =>
      membersOf(section, sectionOf(document, section)).map(({ name, value, path }) => {
        const { first, last } = document.lines([section, ...path]);
        return { tenant, section, name, value, file: document.file, line: first, lastLine: last, document: index };
      }),
    );
  });

/** For whom a document speaks, if it is a policy. */
export function tenantOf({ value }: YamlDocument): string | undefined {
  if (!isRecord(value) || value["kind"] !== "Policy") return undefined;
  return typeof value["tenant"] === "string" ? value["tenant"] : undefined;
}

/** What a document has under the name of a section. */
export const sectionOf = ({ value }: YamlDocument, section: string): unknown =>
  isRecord(value) ? value[section] : undefined;

function membersOf(section: Section, value: unknown): { name: string; value: unknown; path: Path }[] {
  if (namedBy[section] === undefined)
    return isRecord(value)
      ? Object.entries(value).map(([name, member]) => ({ name, value: member, path: [name] }))
      : [];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, place) => {
    const name = nameOfItem(section, item);
    return name === undefined ? [] : [{ name, value: item, path: [place] }];
  });
}

/** By what an item of a list section is known. */
export function nameOfItem(section: Section, item: unknown): string | undefined {
  const key = namedBy[section];
  const name = key !== undefined && isRecord(item) ? item[key] : undefined;
  return typeof name === "string" ? name : undefined;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
