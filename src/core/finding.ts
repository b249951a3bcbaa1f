/** What a check found: as it should be, worth a thought, or something that does not work or is not safe. */
export type Level = "ok" | "warn" | "fail";

/** One finding about a server that was looked at. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: `issuer`, `keys`, `TLS certificate` … */
  readonly about: string;
  readonly says: string;
  /** What to do; there is one for whatever is not ok. */
  readonly remedy?: string;
}

/** Findings in the order in which they were made. */
export interface Findings {
  readonly list: readonly Finding[];
  ok(about: string, says: string): void;
  warn(about: string, says: string, remedy: string): void;
  fail(about: string, says: string, remedy: string): void;
}

/** An empty list of findings to write on. */
export function makeFindings(): Findings {
  const list: Finding[] = [];
  return {
    list,
    ok: (about, says) => void list.push({ level: "ok", about, says }),
    warn: (about, says, remedy) => void list.push({ level: "warn", about, says, remedy }),
    fail: (about, says, remedy) => void list.push({ level: "fail", about, says, remedy }),
  };
}
