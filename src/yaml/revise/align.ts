import type { Element } from "./elements.ts";

/** What comes into a collection. */
export interface Fresh {
  /** Of a pair. */
  readonly key?: string;
  readonly value: unknown;
}

/** Which elements of a collection stay, and what comes between them. Those that are not named go. */
export interface Alignment {
  /** Place of an element → the value it is to have. */
  readonly kept: ReadonlyMap<number, unknown>;
  /** What comes right after the element at a place; -1: before all. */
  readonly added: ReadonlyMap<number, readonly Fresh[]>;
}

/** A name by which an item of a list is known although it changes. */
export type NameOf = (item: unknown) => string | undefined;

/** New pairs of a map come after the pair that precedes them in the wanted order, else at the end. */
export function alignMap(elements: readonly Element[], wanted: Readonly<Record<string, unknown>>): Alignment {
  const places = new Map(elements.map(({ key }, place) => [key, place]));
  const kept = new Map<number, unknown>();
  const added = new Map<number, Fresh[]>();
  let after = elements.length - 1;
  for (const [key, value] of Object.entries(wanted)) {
    const place = places.get(key);
    if (place === undefined) push(added, after, { key, value });
    else {
      kept.set(place, value);
      after = place;
    }
  }
  return { kept, added };
}

/**
 * Items of a list stay where they are called the same, or are the same, in the same order. What stood and what comes
 * between two that stay become one another as far as neither has a name.
 */
export function alignList(old: readonly unknown[], wanted: readonly unknown[], nameOf: NameOf): Alignment {
  const idOf = (item: unknown) => nameOf(item) ?? JSON.stringify(item);
  const places = new Map<string, number[]>();
  for (const [place, item] of old.entries()) push(places, idOf(item), place);
  const kept = new Map<number, unknown>();
  const added = new Map<number, Fresh[]>();
  let [before, waiting] = [-1, [] as unknown[]];
  /** Settles what comes between the last item that stays and the one at `place`. */
  const settle = (place: number) => {
    const gone = Array.from({ length: place - before - 1 }, (_, i) => before + 1 + i);
    const free = gone.filter((each) => nameOf(old[each]) === undefined);
    for (const value of waiting) {
      const taken = nameOf(value) === undefined ? free.shift() : undefined;
      if (taken === undefined) push(added, before, { value });
      else {
        kept.set(taken, value);
        before = taken;
      }
    }
    [before, waiting] = [place, []];
  };
  for (const item of wanted) {
    const place = places.get(idOf(item))?.find((each) => each > before);
    if (place === undefined) waiting.push(item);
    else {
      settle(place);
      kept.set(place, item);
    }
  }
  settle(old.length);
  // With nothing that stays, what is new stands where the list ended.
  if (kept.size === 0 && added.size > 0)
    return { kept, added: new Map([[old.length - 1, [...added.values()].flat()]]) };
  return { kept, added };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
