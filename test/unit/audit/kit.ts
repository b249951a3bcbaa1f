import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditFileDeps, createAudit, openAuditFile } from "../../../src/audit/index.ts";
import { instant, makeSeal, manualClock, ok, Secret, systemRandom } from "../../../src/core/index.ts";
import { type FileLock, lockFile } from "../../../src/files/index.ts";

export const clock = manualClock(instant(1_800_000_000));
export const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);

/** No lock: as a machine sees it that shares the disk and no locks. */
export const unlocked = () => ok({ release: () => undefined });

/** A new folder's audit file. */
export const newFile = (): string => join(mkdtempSync(join(tmpdir(), "cloudpass-audit-")), "audit.jsonl");

/** Opens an audit file as a broker does. `kill` ends that broker without a word; its lock goes with it. */
export function open(path: string, more: Partial<AuditFileDeps> = {}) {
  let held: FileLock | undefined;
  const lock: AuditFileDeps["lock"] = (...of) => {
    const taken = lockFile(...of);
    if (taken.ok) held = taken.value;
    return taken;
  };
  const file = openAuditFile(path, { seal, clock, writtenBy: "broker one", lock, ...more });
  return { file, audit: createAudit(clock, file.sink, () => file.check()), kill: () => held?.release() };
}

/** Writes a chain of `count` entries besides its start and, unless it is killed, its end. */
export function write(path: string, count: number, end: "close" | "kill" = "close"): void {
  const { file, audit, kill } = open(path);
  for (let n = 0; n < count; n++)
    audit.record("session.ended", { sub: `p-${n}`, tenant: "ünï\u202ecode", address: "::1" });
  if (end === "close") file.close();
  else kill();
}

export const textOf = (path: string): string => readFileSync(path, "latin1");
export const linesOf = (path: string): string[] => textOf(path).trimEnd().split("\n");
export const eventsOf = (path: string): Record<string, string>[] =>
  linesOf(path).map((line) => JSON.parse(line) as Record<string, string>);
