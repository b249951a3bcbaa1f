import { formatYaml } from "../../yaml/index.ts";
import type { Change, EditOptions } from "./change.ts";
import { type EntryName, type Section, sectionOf, tenantOf } from "./entry.ts";
import { formatEntryName } from "./fields.ts";
import { type EditRefusal, type ReadFiles, readFiles } from "./files.ts";

/** A document of a file. */
export interface Place {
  readonly file: string;
  readonly document: number;
}

/** A refusal of what is to become of an entry. */
export const refuse = (entry: EntryName, reason: EditRefusal["reason"], problem: string): EditRefusal => ({
  entry: { section: entry.section, name: entry.name },
  reason,
  message: `${formatEntryName(entry)} ${problem}`,
  problems: [],
});

/** The document in which a change is to be made; the tenant's new file is added to `read` where it takes one. */
export function placeOf(read: ReadFiles, change: Change, { tenant, newFile }: EditOptions): Place | EditRefusal {
  const found = [...read.files.values()].flatMap(({ entries, owner }) =>
    entries
      .filter(({ section, name }) => section === change.section && name === change.name)
      .map((entry) => ({ ...entry, owner })),
  );
  const [entry, other] = found;
  if (entry === undefined) {
    if (change.value === undefined) return refuse(change, "absent", "is not there. Look whether somebody removed it.");
    const home = homeOf(read, tenant, change.section) ?? makeFile(read, tenant, newFile);
    const isNone = `would stand in ${newFile}, which is not a file of ${tenant}'s. Name another file.`;
    return home ?? refuse(change, "foreign", isNone);
  }
  const at = `${entry.file}:${entry.line}`;
  if (other !== undefined)
    return refuse(change, "ambiguous", `stands twice, in ${at} and ${other.file}:${other.line}. Remove one there.`);
  if (change.add === true) return refuse(change, "exists", `is there already, in ${at}. Choose another name.`);
  if (entry.owner !== tenant)
    return refuse(change, "foreign", `stands in ${at}, which is not a file of ${tenant}'s. Have it changed there.`);
  return { file: entry.file, document: entry.document };
}

/** Where new entries come: the tenant's last document with some of the section, else with its name, else the first. */
function homeOf({ files }: ReadFiles, tenant: string, section: Section): Place | undefined {
  const homes = [...files.values()]
    .filter(({ owner }) => owner === tenant)
    .flatMap(({ file, documents }) =>
      documents.flatMap((document, index) =>
        tenantOf(document) === tenant ? [{ file, document: index, value: sectionOf(document, section) }] : [],
      ),
    );
  const isFilled = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length > 0;
  const home =
    homes.findLast(({ value }) => isFilled(value)) ?? homes.findLast(({ value }) => value !== undefined) ?? homes[0];
  return home && { file: home.file, document: home.document };
}

/** Adds the tenant's new file with nothing in it but the tenant; none, where the file is there and says something else. */
function makeFile({ files, tenants }: ReadFiles, tenant: string, newFile: string): Place | undefined {
  const there = files.get(newFile);
  if (there?.documents.some(({ value }) => value !== null && value !== undefined)) return undefined;
  const text = there?.text ?? "";
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const ended = text === "" || text.endsWith("\n") ? text : text + eol;
  const begun = ended + formatYaml({ kind: "Policy", tenant }).replaceAll("\n", eol);
  const read = readFiles(new Map([[newFile, begun]]), { tenant, tenants });
  const made = read.ok ? read.value.files.get(newFile) : undefined;
  if (made?.owner !== tenant) return undefined;
  files.set(newFile, made);
  return { file: newFile, document: made.documents.length - 1 };
}
