import { suggest } from "../../../yaml/index.ts";
import { sections } from "../manage.ts";
import type { LocatedRealm } from "../model.ts";
import { pointed, pointedWhole } from "../pointer.ts";
import type { Report } from "./report.ts";

/** Pointers of `ignore` and `absent` that lead nowhere, and what must not be there and is described all the same. */
export function checkPointers({ document, data }: LocatedRealm, report: Report): void {
  for (const [i, at] of data.absent.entries()) {
    const place = { document, path: ["absent", i] };
    if (pointedWhole(at, data.realm) === undefined) {
      const fix =
        "point to a client scope, a mapper of a client or a scope, a role, a required action, a component, or the attribute firstName or lastName";
      report.wrong(place, `"${at}" points to nothing that can be taken away`, fix);
    } else if (isDescribed(data, at)) {
      report.wrong(place, `"${at}" is described in the same file`, "remove one of the two");
    }
  }
  for (const [i, { at }] of data.ignore.entries()) {
    if (pointed(at, data.realm) !== undefined) continue;
    const section = at.split("/")[1] ?? "";
    const isSection = sections.some((known) => known === section);
    const fix = isSection ? "name the object and one of its fields" : suggest(section, [...sections]);
    report.wrong({ document, path: ["ignore", i, "at"] }, `"${at}" points to nothing that a plan compares`, fix);
  }
}

/** Follows a pointer through the document. */
function isDescribed(data: object, pointer: string): boolean {
  let inside: unknown = data;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof inside !== "object" || inside === null || !Object.hasOwn(inside, name)) return false;
    inside = (inside as Readonly<Record<string, unknown>>)[name];
  }
  return true;
}
