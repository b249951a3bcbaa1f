import { type Clock, Fault, isoTime } from "../core/index.ts";
import { type AuditEvent, type AuditFields, auditEvents, writtenNames } from "./events.ts";

/** One written event. */
export interface AuditEntry {
  readonly time: string;
  readonly event: AuditEvent;
  readonly [field: string]: unknown;
}

/** Where entries go. Must have written when it returns, or throw. */
export type AuditSink = (entry: AuditEntry) => void;

/** An event and what is said with it. */
export type Announced = { readonly [E in AuditEvent]: readonly [event: E, fields: AuditFields<E>] }[AuditEvent];

/** Writes what happened, before the answer leaves. Throws `Fault` when it cannot: no audit, no privileged change (S-68). */
export interface Audit {
  record<E extends AuditEvent>(event: E, fields: AuditFields<E>): void;
  /** Throws `Fault` when nothing could be written now: asked before anything is begun that would need an entry. */
  check(): void;
  /**
   * Writes down what is about to be done, makes sure that it is written, and then does it: what stands has its entry, whatever
   * fails (S-68). Where it turns out not to stand (somebody was faster; the store failed), `change.failed` follows; `stands` may
   * say why.
   */
  before<T>(announced: readonly Announced[], act: () => Promise<T>, stands?: (done: T) => boolean | string): Promise<T>;
}

const ourNames = new Map<string, string>(Object.entries(writtenNames).map(([ours, written]) => [written, ours]));

/**
 * An audit that keeps only the fields listed for each event. `check` throws when the sink could not take one; `written` resolves
 * when what the sink took is written.
 */
export function createAudit(
  clock: Pick<Clock, "now">,
  sink: AuditSink,
  check: () => void = () => {},
  written: () => Promise<void> = async () => {},
): Audit {
  const record = (event: AuditEvent, fields: Readonly<Record<string, unknown>>) => {
    const entry: Record<string, unknown> = { time: isoTime(clock.now()), event };
    for (const field of auditEvents[event]) {
      const value = fields[ourNames.get(field) ?? field];
      if (value !== undefined) entry[field] = value;
    }
    try {
      sink(entry as AuditEntry);
    } catch (cause) {
      throw new Fault("audit", `writing ${event}`, { cause, retryable: true });
    }
  };
  return {
    check,
    record,
    before: async (announced, act, stands = () => true) => {
      for (const [event, fields] of announced) record(event, fields);
      await written();
      const failed = (detail: string) => {
        for (const [change, fields] of announced) record("change.failed", { ...fields, change, detail });
      };
      const done = await act().catch((problem: unknown) => {
        failed("the store did not say whether it was done");
        throw problem;
      });
      const stand = stands(done);
      if (stand !== true) failed(stand === false ? "something else came before it" : stand);
      return done;
    },
  };
}
