import { afterAll, beforeAll } from "vitest";

/**
 * What the tests of a file or a `describe` share: started before the first, stopped after the last, empty until then.
 * `start` answers an object whose members stay the same for its life.
 */
export function shared<T extends { stop(): Promise<void> }>(start: () => Promise<T>): T {
  const members = {} as T;
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
    Object.assign(members, started);
  });
  afterAll(() => started?.stop());
  return members;
}
