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
  /** Throws `Fault` when nothing could be written now: asked before anything is begun that would need an entry. */
  check(): void;
}

/** An audit that keeps only the fields listed for each event. `check` throws when the sink could not take one. */
export function createAudit(clock: Pick<Clock, "now">, sink: AuditSink, check: () => void = () => {}): Audit {
  return {
    check,
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
