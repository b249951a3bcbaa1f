/** What a check found: as it should be, worth a thought, or something that does not work or is not safe. */
export type Level = "ok" | "warn" | "fail";

/** One finding about a server that was looked at. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: `issuer`, `keys`, `TLS certificate` … */
  readonly about: string;
  readonly message: string;
  /** What to do; there is one for whatever is not ok. */
  readonly remedy?: string;
  /** Nobody can tell from outside whether it is so: what to look up. */
  readonly undecided?: true;
}

/** Findings in the order in which they were made. */
export interface Findings {
  readonly list: readonly Finding[];
  ok(about: string, message: string): void;
  warn(about: string, message: string, remedy: string): void;
  fail(about: string, message: string, remedy: string): void;
  /** A warning of what cannot be told from outside. */
  undecided(about: string, message: string, remedy: string): void;
}

/** Findings of one level beyond which nobody reads on: what is looked at is of somebody else's making (S-78). */
const most = 100;

/** An empty list of findings to write on. Of each level it keeps the first hundred, and says that there are more. */
export function makeFindings(): Findings {
  const list: Finding[] = [];
  const kept: Record<Level, number> = { ok: 0, warn: 0, fail: 0 };
  const add = (finding: Finding): void => {
    kept[finding.level] += 1;
    if (kept[finding.level] <= most) list.push(finding);
    else if (kept[finding.level] === most + 1) {
      const { level, about } = finding;
      const remedy = "look at what is said of the first ones";
      list.push({ level, about, message: "… and more of the like", ...(level !== "ok" && { remedy }) });
    }
  };
  return {
    list,
    ok: (about, message) => add({ level: "ok", about, message }),
    warn: (about, message, remedy) => add({ level: "warn", about, message, remedy }),
    fail: (about, message, remedy) => add({ level: "fail", about, message, remedy }),
    undecided: (about, message, remedy) => add({ level: "warn", about, message, remedy, undecided: true }),
  };
}
