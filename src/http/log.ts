import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";

/** The structured log. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** JSON lines on standard output. Requests are logged by route, never with query, body, cookie or header (S-54). */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
