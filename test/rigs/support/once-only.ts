/** Makes an idempotent act of a stop: further calls wait for the first. */
export function onceOnly(act: () => Promise<void>): () => Promise<void> {
  let first: Promise<void> | undefined;
  return () => {
    first ??= act();
    return first;
  };
}
