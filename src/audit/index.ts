export { type Link, readHead } from "./chain.ts";
export { type AuditFileDeps, openAuditFile } from "./chained-file.ts";
export { type AuditEvent, auditEvents } from "./events.ts";
export { auditInLog } from "./in-log.ts";
export { readAuditFile, type WrittenEntry } from "./lines.ts";
export { auditPath, type OpenAudit, openAudit } from "./open.ts";
export { type Announced, type Audit, type AuditEntry, type AuditSink, createAudit } from "./record.ts";
export { auditReference } from "./reference.ts";
export { type Breach, goesThrough, type Verdict, verifyAuditFiles, verifyAuditText } from "./verify.ts";
