/** Random choices that are the same for the same seed. */
export interface Chance {
  /** Whole number from 0, less than `limit`. */
  below(limit: number): number;
  /** True this often: 0 never, 1 always. */
  is(probability: number): boolean;
  oneOf<T>(list: readonly T[]): T;
  /** Some of a list in its order, at most so many. */
  someOf<T>(list: readonly T[], most?: number): T[];
  /** Of a representation's possible members, about this share. */
  membersOf<T extends object>(possible: T, share?: number): Partial<T>;
}

/** Choices from a seed: mulberry32, which is small, and good enough to mix fields. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const is = (probability: number): boolean => next() < probability;
  return {
    below,
    is,
    oneOf: <T>(list: readonly T[]) => list[below(list.length)] as T,
    someOf: (list, most = list.length) => list.filter(() => is(0.5)).slice(0, most),
    membersOf: <T extends object>(possible: T, share = 0.5) =>
      Object.fromEntries(Object.entries(possible).filter(() => is(share))) as Partial<T>,
  };
}
