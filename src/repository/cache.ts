/** What was read of objects, by id. What an id stands for never changes, so nothing here is ever out of date. */
export interface Cache<Value> {
  get(id: string): Value | undefined;
  /** Keeps a value of about so many bytes; what was not asked for longest goes. */
  set(id: string, value: Value, bytes: number): void;
}

/** A cache that holds values of at most so many bytes together. */
export function makeCache<Value>(mostBytes: number): Cache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let total = 0;
  const drop = (id: string): void => {
    total -= kept.get(id)?.bytes ?? 0;
    kept.delete(id);
  };
  return {
    get: (id) => {
      const found = kept.get(id);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion: what is asked for goes to the end.
      kept.delete(id);
      kept.set(id, found);
      return found.value;
    },
    set: (id, value, bytes) => {
      drop(id);
      kept.set(id, { value, bytes });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= mostBytes) return;
        drop(oldest);
      }
    },
  };
}
