import { appendFileSync } from "node:fs";
import { type Clock, Fault, isoTime } from "../core/index.ts";
import { type AuditEvent, type AuditFields, auditEvents } from "./events.ts";

/** One written event. */
export interface AuditEntry {
  readonly time: string;
  readonly event: AuditEvent;
  readonly [field: string]: unknown;
}

/** Where entries go. Must have written when it returns, or throw. */
export type AuditSink = (entry: AuditEntry) => void;

/** Writes what happened, before the answer leaves. Throws `Fault` when it cannot: no audit, no privileged change (S-68). */
export interface Audit {
  record<E extends AuditEvent>(event: E, fields: AuditFields<E>): void;
}

/** An audit that keeps only the fields listed for each event. */
export function createAudit(clock: Clock, sink: AuditSink): Audit {
  return {
    record: (event, fields) => {
      const entry: Record<string, unknown> = { time: isoTime(clock.now()), event };
      for (const field of auditEvents[event]) {
        const value = (fields as Record<string, unknown>)[field];
        if (value !== undefined) entry[field] = value;
      }
      try {
        sink(entry as AuditEntry);
      } catch (cause) {
        throw new Fault("audit", `writing ${event}`, { cause, retryable: true });
      }
    },
  };
}

/** Appends each entry to a file as one JSON line. */
export const fileSink =
  (path: string): AuditSink =>
  (entry) =>
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
