import { atEndOfTurn, Fault } from "../core/index.ts";
import type { AuditSink } from "./record.ts";

/** What the audit needs of the log. */
interface AuditLog {
  info(fields: object, message: string): void;
  flush(): void;
}

/** The audit in the log: the entries of one turn of the event loop are written together, since a write each is dear. */
export function auditInLog(log: AuditLog): { toLog: AuditSink; written(): Promise<void> } {
  let writing: Promise<void> | undefined;
  const write = () => {
    writing = undefined;
    log.flush();
  };
  return {
    written: async () => writing,
    toLog: (entry) => {
      log.info({ audit: entry }, entry.event);
      writing ??= new Promise<void>(atEndOfTurn)
        .then(write)
        .catch((cause: unknown) => Promise.reject(new Fault("audit", "writing to the log", { cause })));
      writing.catch(() => {}); // whoever waits for it hears it
    },
  };
}
