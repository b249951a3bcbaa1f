import type { Result } from "../core/index.ts";
import type { Problem } from "../yaml/index.ts";

/** Why, where the remedy depends on how it was asked for: a command names an option or a command, a page a field. */
type RefusedReason = "testers not meant" | "testers missing" | "still on" | "not as it must be";

/** What an operation's refusal says besides its message. */
interface RefusedMore {
  /** What it means. */
  readonly meaning?: string;
  /** What to do. */
  readonly remedy?: string;
  /** Instead of a remedy. */
  readonly reason?: RefusedReason;
  /** Whose address or id the reason is about. */
  readonly about?: string;
  /** Everything that is wrong with files, each with its place. */
  readonly problems?: readonly Problem[];
  /** Somebody else's server did not answer: the same may work later. */
  readonly unreachable?: boolean;
  readonly cause?: unknown;
}

/**
 * An operation cannot be done with this input: nothing was changed. Thrown, as `Fault` is; the message is for whoever
 * asked, and holds names as they were given: a terminal or a page makes them safe to show.
 */
export class OperationRefused extends Error {
  override readonly name = "OperationRefused";
  readonly meaning: string | undefined;
  readonly remedy: string | undefined;
  readonly reason: RefusedReason | undefined;
  readonly about: string | undefined;
  readonly problems: readonly Problem[];
  readonly unreachable: boolean;

  constructor(message: string, more: RefusedMore = {}) {
    const { meaning, remedy, reason, about, problems = [], unreachable = false, cause } = more;
    super(message, { cause });
    this.meaning = meaning;
    this.remedy = remedy;
    this.reason = reason;
    this.about = about;
    this.problems = problems;
    this.unreachable = unreachable;
  }
}

/** The value, or a refusal with every problem of the files. */
export function orRefuse<T>(result: Result<T, readonly Problem[]>, what: string): T {
  if (result.ok) return result.value;
  const count = result.refusal.length;
  throw new OperationRefused(`${what}: ${count} problem${count === 1 ? "" : "s"}`, {
    problems: result.refusal,
    remedy: "nothing was done; mend the files and run it again",
  });
}
