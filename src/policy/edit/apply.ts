import { err, ok, type Result } from "../../core/index.ts";
import { checkShape, type Problem, reviseYaml, type YamlDocument } from "../../yaml/index.ts";
import { policySchema } from "../format/schema.ts";
import { type Change, type EditOptions, plainValue } from "./change.ts";
import { type EntryName, isRecord, namedBy, nameOfItem, type Section, usualOrder } from "./entry.ts";
import { type EditRefusal, type PolicyTexts, type ReadFile, readFiles } from "./files.ts";
import { type Place, placeOf, refuse } from "./place.ts";

/**
 * Makes changes of one tenant's entries in the texts of policy files, all or none. An entry is changed where it stands; a
 * new one comes behind the last of its section. Nothing else of a text changes: comments, order, quotes and line ends
 * stay. An entry that goes takes the comment lines directly above it along; of an emptied section `[]` or `{}` stays.
 * Answers the files that became others, or every reason why not. Whether the whole policy still holds is for `loadPolicy`.
 */
export function applyChanges(
  texts: PolicyTexts,
  changes: readonly Change[],
  options: EditOptions,
): Result<Map<string, string>, EditRefusal[]> {
  const read = readFiles(texts, options);
  if (!read.ok) return read;
  const refusals: EditRefusal[] = [];
  const placed = new Map<string, { readonly place: Place; readonly changes: Change[] }>();
  const seen = new Set<string>();
  for (const change of changes) {
    const key = JSON.stringify([change.section, change.name]);
    const place = seen.has(key)
      ? refuse(change, "ambiguous", "is changed twice. Change it once.")
      : placeOf(read.value, change, options);
    seen.add(key);
    if ("reason" in place) refusals.push(place);
    else {
      const id = JSON.stringify([place.file, place.document]);
      const known = placed.get(id) ?? { place, changes: [] };
      known.changes.push({ ...change, value: plainValue(change) });
      placed.set(id, known);
    }
  }
  if (refusals.length > 0) return err(refusals);
  const changed = new Map<string, string>();
  for (const { place, changes: mine } of placed.values()) {
    const file = read.value.files.get(place.file) as ReadFile;
    const done = applyTo({ ...file, text: changed.get(place.file) ?? file.text }, place.document, mine);
    if (done.ok) changed.set(place.file, done.value);
    else refusals.push(...done.refusal);
  }
  if (refusals.length > 0) return err(refusals);
  return ok(new Map([...changed].filter(([file, text]) => texts.get(file) !== text)));
}

function applyTo(file: ReadFile, index: number, changes: readonly Change[]): Result<string, EditRefusal[]> {
  const all = (problems: readonly Problem[]) => err(changes.map((change) => invalid(change, problems)));
  const misnamed = changes.filter(
    ({ section, name, value }) =>
      value !== undefined && namedBy[section] !== undefined && isRecord(value) && nameOfItem(section, value) !== name,
  );
  if (misnamed.length > 0)
    return err(
      misnamed.map((change) =>
        refuse(change, "invalid", "is called otherwise in its value. Remove the one and add the other."),
      ),
    );
  const document = file.documents[index] as YamlDocument;
  const wanted = withChanges(document, changes);
  if (!wanted.ok) return all(wanted.refusal);
  const nameOf = (item: unknown) => nameOfItem("grants", item) ?? nameOfItem("tests", item);
  const revised = reviseYaml(file, index, wanted.value, { nameOf });
  if (!revised.ok) return all(revised.refusal);
  const shape = checkShape(revised.value.documents[index] as YamlDocument, policySchema);
  const problems = shape.ok ? [] : shape.refusal;
  const refusals = changes.flatMap((change) => {
    const mine = problemsOf(change, wanted.value, problems);
    return mine.length > 0 ? [invalid(change, mine)] : [];
  });
  return refusals.length > 0 ? err(refusals) : ok(revised.value.text);
}

const invalid = (change: EntryName, problems: readonly Problem[]): EditRefusal => ({
  ...refuse(change, "invalid", `does not fit: ${problems[0]?.message ?? "it cannot be written"}. Mend what is named.`),
  problems,
});

/** What a document is to say. */
function withChanges(document: YamlDocument, changes: readonly Change[]): Result<Record<string, unknown>, Problem[]> {
  const value = document.value as Readonly<Record<string, unknown>>;
  const fresh: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const key of new Set([...usualOrder, ...Object.keys(value)])) {
    const mine = changes.filter(({ section }) => section === key);
    const [old] = [value[key]];
    if (mine.length > 0) {
      const isListed = namedBy[key as Section] !== undefined;
      if (old !== undefined && old !== null && (isListed ? !Array.isArray(old) : !isRecord(old)))
        problems.push(document.problem([key], isListed ? "a list expected" : "a map of names expected"));
      else fresh[key] = isListed ? listWith(old, mine) : mapWith(old, mine);
    } else if (Object.hasOwn(value, key)) fresh[key] = old;
  }
  return problems.length > 0 ? err(problems) : ok(fresh);
}

function mapWith(old: unknown, changes: readonly Change[]): Readonly<Record<string, unknown>> {
  const entries = new Map(isRecord(old) ? Object.entries(old) : []);
  for (const { name, value } of changes) {
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

function listWith(old: unknown, changes: readonly Change[]): readonly unknown[] {
  const left = new Map(changes.map((change) => [change.name, change]));
  const kept = (Array.isArray(old) ? old : []).flatMap((item: unknown) => {
    const change = left.get(nameOfItem(changes[0]?.section ?? "grants", item) ?? "");
    if (change === undefined) return [item];
    left.delete(change.name);
    return change.value === undefined ? [] : [change.value];
  });
  return [...kept, ...[...left.values()].map(({ value }) => value)];
}

/** The problems of one entry, named as people name it: `grants.dev.at` instead of `grants[3].at`. */
function problemsOf(
  change: Change,
  document: Readonly<Record<string, unknown>>,
  problems: readonly Problem[],
): Problem[] {
  const { section, name } = change;
  const list = document[section];
  const place = Array.isArray(list) ? list.indexOf(change.value) : -1;
  const prefix = Array.isArray(list) ? `${section}[${place}]` : `${section}.${name}`;
  return problems.flatMap((problem) => {
    const rest = problem.path.startsWith(prefix) ? problem.path.slice(prefix.length) : undefined;
    const isMine = rest !== undefined && (rest === "" || rest.startsWith(".") || rest.startsWith("["));
    return isMine ? [{ ...problem, path: `${section}.${name}${rest}` }] : [];
  });
}
