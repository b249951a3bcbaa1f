import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import { every, visible } from "../core/index.ts";

/** The structured log. */
export interface Log extends Pick<Logger, "debug" | "info" | "warn" | "error"> {
  /** Writes out what is still held back: for whoever must be sure of it now. */
  flush(): void;
}

/**
 * JSON lines on standard output, or where a test wants them. Requests are logged by route, never with query, body,
 * cookie or header (S-54).
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime };
  if (destination) return Object.assign(pino(options, destination), { flush: () => undefined });
  const { write, flush } = holdBack(pino.destination(1));
  every(longestHeldMs, flush);
  // Whatever ends the process, a bug of ours most of all: its last lines say why.
  process.once("exit", flush);
  return Object.assign(pino(options, { write }), { flush });
}

const enoughHeld = 8 * 1024;
const longestHeldMs = 100;

/** Holds lines back until a write is worth it: one for each line costs more than all else of the line. */
export function holdBack(destination: DestinationStream): Pick<Log, "flush"> & DestinationStream {
  let held = "";
  const flush = () => {
    const lines = held;
    held = "";
    if (lines !== "") destination.write(lines);
  };
  return {
    flush,
    write: (line) => {
      held += visible(line); // whoever reads a log does it on a terminal
      if (held.length >= enoughHeld) flush();
    },
  };
}
