import { suggest } from "../../../yaml/index.ts";
import { sections } from "../manage.ts";
import type { LocatedRealm } from "../model.ts";
import { pointed } from "../pointer.ts";
import type { Report } from "./report.ts";

/** Pointers of `ignore` that lead nowhere. */
export function checkPointers({ document, data }: LocatedRealm, report: Report): void {
  for (const [i, { at }] of data.ignore.entries()) {
    if (pointed(at, data.realm) !== undefined) continue;
    const section = at.split("/")[1] ?? "";
    const isSection = sections.some((known) => known === section);
    const fix = isSection ? "name the object and one of its fields" : suggest(section, [...sections]);
    report.wrong({ document, path: ["ignore", i, "at"] }, `"${at}" points to nothing that a plan compares`, fix);
  }
}
