/** A gate that lets at most `limit` pieces of work run at the same time; the others wait in the order they came. */
export function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      // The place is handed on, not given up: nobody who came later gets in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
