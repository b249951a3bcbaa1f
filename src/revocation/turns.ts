/** Work by key. */
interface Turns {
  /** Does the work for a key soon. Asked for while it is under way, it is done again afterwards. */
  ask(key: string): void;
  /** Keys whose work is under way or waits. */
  waiting(): number;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

/** Work that is done for each key one at a time; a failure is told to `failed`. */
export function makeTurns(work: (key: string) => Promise<void>, failed: (problem: unknown) => void): Turns {
  const underWay = new Map<string, { again: boolean; done: Promise<void> }>();
  const go = async (key: string): Promise<void> => {
    await work(key).catch(failed);
    const turn = underWay.get(key);
    if (turn?.again !== true) return void underWay.delete(key);
    turn.again = false;
    return go(key);
  };
  return {
    ask: (key) => {
      const turn = underWay.get(key);
      if (turn) turn.again = true;
      else underWay.set(key, { again: false, done: Promise.resolve().then(() => go(key)) });
    },
    waiting: () => underWay.size,
    idle: async () => {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done));
    },
  };
}
