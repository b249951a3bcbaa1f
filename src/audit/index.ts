export { type AuditEvent, type AuditFields, auditEvents } from "./events.ts";
export { type Audit, type AuditEntry, type AuditSink, createAudit, fileSink } from "./record.ts";
