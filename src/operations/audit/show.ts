import { existsSync } from "node:fs";
import { auditPath, readAuditFile, type WrittenEntry } from "../../audit/index.ts";
import type { BrokerConfig } from "../../config/index.ts";
import { type Instant, parseTime, type Seal } from "../../core/index.ts";
import { OperationRefused } from "../refused.ts";

/** Which entries are wanted. */
interface AuditAsked {
  /** The broker's and the operators' of the configuration, when there is none. */
  readonly files: readonly string[];
  readonly since?: Instant;
  readonly until?: Instant;
  /** Beginnings of events: `login` is every event that begins with `login.`. */
  readonly events: readonly string[];
  /** Something that an entry says: a subject, a tenant, a commit. */
  readonly about?: string;
  /** No more than these, the newest. */
  readonly limit: number;
}

/** An entry, with the file that has it. */
export interface ShownEntry extends WrittenEntry {
  readonly file: string;
}

/** Entries in the order of their times. */
interface AuditShown {
  readonly entries: readonly ShownEntry[];
  /** How many there are besides, older than these. */
  readonly older: number;
}

interface Deps {
  readonly config: Pick<BrokerConfig, "audit">;
  readonly seal: Seal;
}

/** Looks entries up, of the broker and of the operators' commands together. Throws `Fault` when a file cannot be read. */
export async function showAudit(asked: AuditAsked, { config, seal }: Deps): Promise<AuditShown> {
  const files = asked.files.length > 0 ? asked.files : filesOf(config);
  const found: ShownEntry[] = [];
  let older = 0;
  // Sorted and cut again and again: a year of logins would not fit into memory.
  const cut = () => {
    found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    older += found.splice(0, Math.max(0, found.length - asked.limit)).length;
  };
  for (const file of files) {
    await readAuditFile(seal, file, (entry) => {
      if (!isAskedFor(entry, asked)) return;
      found.push({ ...entry, file });
      if (found.length > asked.limit + 10_000) cut();
    });
  }
  cut();
  return { entries: found, older };
}

function filesOf({ audit }: Deps["config"]): readonly string[] {
  const files = audit === undefined ? [] : [auditPath(audit.file, "broker"), auditPath(audit.file, "operator")];
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) return there;
  throw new OperationRefused("there is no audit file to show", {
    meaning: "The configuration names none (audit.file), or none was written yet.",
    remedy: "name the files",
  });
}

function isAskedFor({ time, event, fields }: WrittenEntry, { since, until, events, about }: AuditAsked): boolean {
  const at = parseTime(time);
  if (since !== undefined && (at === undefined || at < since)) return false;
  if (until !== undefined && (at === undefined || at >= until)) return false;
  if (events.length > 0 && !events.some((begin) => event === begin || event.startsWith(`${begin}.`))) return false;
  return about === undefined || fields.some(([, value]) => [value].flat().includes(about));
}
