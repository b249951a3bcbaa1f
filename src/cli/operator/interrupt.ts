import { CommandFailure } from "../failure.ts";
import { notify, type Terminal } from "../terminal.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that must clean up after itself: the first Ctrl-C (or SIGTERM, SIGHUP) aborts its signal and says `says`, a
 * second one ends the process at once.
 */
export async function untilInterrupted<T>(
  terminal: Terminal,
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const aborter = new AbortController();
  const letGo = (): void => {
    for (const signal of signals) process.off(signal, interrupt);
  };
  const interrupt = (): void => {
    // From now on each of them ends the process, as it does by itself.
    letGo();
    notify(terminal, message);
    aborter.abort(new CommandFailure("interrupted"));
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(aborter.signal);
  } finally {
    letGo();
  }
}
