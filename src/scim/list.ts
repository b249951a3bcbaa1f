import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Fields } from "../http/index.ts";
import type { ResourceSchema } from "./attribute.ts";
import { aroundResource, type Filter, type Place, placeNamed, readFilter } from "./filter.ts";
import { valuesAt } from "./filter-match.ts";
import { readSelection, type Selection, type Shown } from "./shown.ts";

/** What a page has, unless somebody says otherwise, and at most. */
export const pageSize = { usual: 100, most: 200 } as const;

/** What is asked of a list (RFC 7644 section 3.4.2). */
interface ListQuery {
  readonly filter?: Filter;
  readonly startIndex: number;
  readonly count: number;
  readonly sortBy?: Place;
  readonly descending: boolean;
  readonly select: Selection;
}

/** Reads the parameters of a list. */
export function readListQuery(schema: ResourceSchema, query: Fields): Result<ListQuery, ScimError> {
  const startIndex = wholeNumber(query.get("startIndex"), 1);
  const count = wholeNumber(query.get("count"), pageSize.usual);
  if (startIndex === undefined || count === undefined)
    return err(refusal("invalid_value", "startIndex and count are whole numbers"));
  const filter = query.has("filter") ? readFilter(query.get("filter") ?? "", schema) : ok(undefined);
  if (!filter.ok) return filter;
  const by = query.get("sortBy");
  const sortBy = by === undefined ? undefined : placeNamed(by, aroundResource(schema));
  if (sortBy === "unknown") return err(refusal("invalid_path", "sortBy names no attribute"));
  const order = query.get("sortOrder")?.toLowerCase() ?? "ascending";
  if (order !== "ascending" && order !== "descending")
    return err(refusal("invalid_value", "sortOrder is ascending or descending"));
  const select = readSelection(schema, {
    attributes: query.get("attributes"),
    excluded: query.get("excludedAttributes"),
  });
  if (!select.ok) return select;
  return ok({
    ...(filter.value && { filter: filter.value }),
    startIndex: Math.max(1, startIndex),
    count: Math.min(pageSize.most, Math.max(0, count)),
    ...(sortBy && { sortBy }),
    descending: order === "descending",
    select: select.value,
  });
}

const wholeNumber = (text: string | undefined, usual: number): number | undefined => {
  if (text === undefined) return usual;
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
};

/** One page of what was found (RFC 7644 section 3.4.2.4). */
export function pageOf(found: readonly Shown[], query: ListQuery): object {
  const { startIndex, count, select } = query;
  const page = inOrder(found, query).slice(startIndex - 1, startIndex - 1 + count);
  return listResponse(page.map(select), { total: found.length, startIndex });
}

/** A list as it is answered. */
export const listResponse = (
  resources: readonly object[],
  { total = resources.length, startIndex = 1 }: { readonly total?: number; readonly startIndex?: number } = {},
) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** By the first value of an attribute; what has none comes last, whichever way round (RFC 7644 section 3.4.2.3). */
function inOrder(found: readonly Shown[], { sortBy, descending }: ListQuery): readonly Shown[] {
  if (sortBy === undefined) return found;
  const exact = (sortBy.sub ?? sortBy.attribute).caseExact === true;
  const keyed = found.map((shown) => {
    const [first] = valuesAt(sortBy, shown);
    return { shown, key: first === undefined ? undefined : exact ? String(first) : String(first).toLowerCase() };
  });
  const sign = descending ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0;
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    return a < b ? -sign : sign;
  });
  return keyed.map(({ shown }) => shown);
}
