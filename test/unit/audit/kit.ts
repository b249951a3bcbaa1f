import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditFileDeps, createAudit, openAuditFile } from "../../../src/audit/index.ts";
import { instant, makeSeal, manualClock, Secret, systemRandom } from "../../../src/core/index.ts";

export const clock = manualClock(instant(1_800_000_000));
export const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);

/** A new folder's audit file. */
export const newFile = (): string => join(mkdtempSync(join(tmpdir(), "cloudpass-audit-")), "audit.jsonl");

/** Opens an audit file as a broker does. */
export function open(path: string, more: Partial<AuditFileDeps> = {}) {
  const file = openAuditFile(path, { seal, clock, writtenBy: "broker one", ...more });
  return { file, audit: createAudit(clock, file.sink, () => file.check()) };
}

/** Writes a chain of `count` entries besides its start and, unless it is killed, its end. */
export function write(path: string, count: number, end: "close" | "kill" = "close"): void {
  const { file, audit } = open(path);
  for (let n = 0; n < count; n++)
    audit.record("session.ended", { sub: `p-${n}`, tenant: "ünï\u202ecode", address: "::1" });
  if (end === "close") file.close();
}

export const textOf = (path: string): string => readFileSync(path, "latin1");
export const linesOf = (path: string): string[] => textOf(path).trimEnd().split("\n");
export const eventsOf = (path: string): Record<string, string>[] =>
  linesOf(path).map((line) => JSON.parse(line) as Record<string, string>);
