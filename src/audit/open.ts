import { hostname } from "node:os";
import { parse } from "node:path";
import type { Clock, Seal } from "../core/index.ts";
import type { Link } from "./chain.ts";
import { openAuditFile } from "./chained-file.ts";
import { type Audit, type AuditSink, createAudit } from "./record.ts";

/** Who writes: each has a file of its own. */
type AuditWriter = "broker" | "operator";

/** An audit that is open. */
export interface OpenAudit {
  readonly audit: Audit;
  /** How far the chain went; nothing without a file. */
  head(): Link | undefined;
  close(): void;
}

/** What an audit is opened with. */
interface OpenAuditDeps {
  readonly clock: Clock;
  readonly seal: Seal;
  readonly writer: AuditWriter;
  readonly toLog: AuditSink;
  /** Resolves when what `toLog` took is written; absent: it is when `toLog` returns. */
  readonly written?: () => Promise<void>;
  notice(message: string): void;
}

/**
 * Opens the audit: a chained file, or else `toLog`. One writer a file: `{host}` in its name stands for the machine's
 * name, and the operator's commands write to a file of their own beside the broker's. Throws `Fault` when another has it.
 */
export function openAudit(configured: { readonly file: string } | undefined, deps: OpenAuditDeps): OpenAudit {
  const { clock, seal, writer, toLog, written, notice } = deps;
  if (configured === undefined) {
    return { audit: createAudit(clock, toLog, undefined, written), head: () => undefined, close: () => {} };
  }
  const file = openAuditFile(auditPath(configured.file, writer), {
    seal,
    clock,
    writtenBy: `${writer} ${hostname()}`,
    notice,
  });
  return {
    audit: createAudit(clock, file.sink, () => file.check()),
    head: () => file.head(),
    close: () => file.close(),
  };
}

/** The audit file of a writer: `audit.jsonl`, and `audit.operator.jsonl` beside it. */
export function auditPath(configured: string, writer: AuditWriter): string {
  const path = configured.replaceAll("{host}", hostname());
  if (writer === "broker") return path;
  const { dir, name, ext } = parse(path);
  return `${dir}/${name}.operator${ext}`;
}
