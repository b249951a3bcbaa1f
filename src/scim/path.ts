import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import { type Attribute, named, type ResourceSchema } from "./attribute.ts";
import { aroundResource, comparisonsIn, type Filter, leftOutOf, placeNamed, readWords } from "./filter.ts";
import { wordsOf } from "./filter-words.ts";

/** What a change is for (RFC 7644 section 3.5.2): an attribute, some of its values, a part of it or of them. */
export interface Path {
  readonly attribute: Attribute;
  /** Which values of a multi-valued one; absent: all. */
  readonly filter?: Filter;
  readonly sub?: Attribute;
}

/** So many comparisons a filter in a path may make: Entra writes two. */
const mostComparisons = 16;

/** Reads a path: `name.familyName`, `members[value eq "x"]`, `emails[type eq "work"].value`. `undefined`: one that others keep. */
export function readPath(text: string, schema: ResourceSchema): Result<Path | undefined, ScimError> {
  const bad = (message: string) => err(refusal("invalid_path", message));
  const around = aroundResource(schema);
  const words = wordsOf(text.trim());
  const [first, open, ...rest] = words ?? [];
  if (words === undefined || first?.kind !== "word") return bad("the path is none");
  const place = placeNamed(first.text, around);
  if (place === "unknown")
    return bad(`there is no attribute "${first.text.replace(/[^\x20-\x7e]/g, "?").slice(0, 60)}"`);
  if (open === undefined) return ok(place && { attribute: place.attribute, ...(place.sub && { sub: place.sub }) });
  const end = rest.findLastIndex((word) => word.kind === "bracket" && word.text === "]");
  const [after, ...more] = rest.slice(end + 1);
  if (open.text !== "[" || end < 0 || more.length > 0) return bad("the path is none");
  if (place === undefined) return ok(undefined);
  const { attribute, sub: inBefore } = place;
  const { subAttributes = [] } = attribute;
  if (inBefore || !attribute.multiValued) return bad(`${attribute.name} has no values to choose from`);
  const inner = { attributes: subAttributes, leftOut: leftOutOf(around, first.text) };
  const filter = readWords(rest.slice(0, end), inner);
  if (typeof filter === "string") return bad(filter);
  if (comparisonsIn(filter) > mostComparisons) return bad(`a path makes ${mostComparisons} comparisons at most`);
  if (after === undefined) return ok({ attribute, filter });
  const name = after.text.startsWith(".") ? after.text.slice(1) : undefined;
  if (name === undefined) return bad("the path is none");
  if (inner.leftOut.some((one) => one.toLowerCase() === name.toLowerCase())) return ok(undefined);
  const sub = named(subAttributes, name);
  return sub === undefined ? bad(`${attribute.name} has no attribute of that name`) : ok({ attribute, filter, sub });
}
