/** One page of a list, and where the next one begins. */
export interface PageOf<T> {
  readonly items: readonly T[];
  /** How many there are in the whole list. */
  readonly total: number;
  /** The key of the last item, when there are more. */
  readonly next?: string;
}

/** The items after the one with the key `after`; from the first one when there is none of that key any more. */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): PageOf<T> {
  const start = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  const isMore = start + items.length < all.length;
  return { items, total: all.length, ...(isMore && last !== undefined && { next: keyOf(last) }) };
}
