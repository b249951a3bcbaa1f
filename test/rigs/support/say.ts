/** Progress of long work, for a person; on standard error, so that a command's output stays clean. */
export function say(text: string): void {
  process.stderr.write(`rig: ${text}\n`);
}

/** Seconds since a moment, in words. */
export function since(startedMs: number): string {
  return `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
}
