import type { Fault } from "../core/index.ts";

/** Exit codes of the command: what a script needs to tell apart. */
export const exitCodes = {
  /** Done, or nothing to do. */
  ok: 0,
  /** It did not work and will not by itself. */
  error: 1,
  /** A plan found differences. */
  changes: 2,
  /** A server did not answer: the same command may work later. */
  unreachable: 3,
  /** A person would have to do something, and nobody is there: the shell is not interactive. */
  personNeeded: 4,
  /** Ended by Ctrl-C or a signal, in order, before all was done; as shells say it of SIGINT (128 + 2). */
  interrupted: 130,
} as const;

/** What a failure is told with, besides what happened. */
export interface FailureWords {
  /** What it means. */
  readonly means?: string;
  /** What to do. */
  readonly fix?: string;
  readonly exitCode?: 1 | 3 | 4;
  readonly cause?: unknown;
}

/** A command cannot go on. Its words are for the person at the terminal: what happened, what it means, what to do. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly means: string | undefined;
  readonly fix: string | undefined;
  readonly exitCode: number;

  constructor(happened: string, { means, fix, exitCode = exitCodes.error, cause }: FailureWords = {}) {
    super(happened, { cause });
    this.means = means;
    this.fix = fix;
    this.exitCode = exitCode;
  }
}

/** Text of someone else made safe for a terminal: no control, bidirectional or invisible character gets through. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");

/** A failure as the terminal shows it. */
export function formatFailure(failure: CommandFailure): string {
  const lines = [`cloudpass: ${failure.message}`];
  if (failure.means !== undefined) lines.push(`  ${failure.means}`);
  if (failure.fix !== undefined) lines.push(`  → ${failure.fix}`);
  return lines.join("\n");
}

/** A dependency that did not answer, in words. */
export const faultFailure = (fault: Fault, means: string): CommandFailure =>
  new CommandFailure(plain(fault.message), {
    means,
    fix: fault.retryable
      ? `see that ${plain(fault.dependency)} runs and can be reached, then run it again`
      : "mend the cause and run it again",
    exitCode: fault.retryable ? exitCodes.unreachable : exitCodes.error,
    cause: fault,
  });
