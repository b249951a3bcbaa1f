import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandFailure } from "../failure.ts";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** What the child is started with. */
interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The child shares our terminal, whose Ctrl-C reaches both of us already. */
  readonly sharesTerminal: boolean;
}

/**
 * Runs a command on our own streams and answers its exit code, 128 + n when signal n ended it. Signals that would end us
 * go to the child instead, so that what comes after it is still done.
 */
export async function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<number> {
  const child = spawn(command, [...args], { stdio: "inherit", env: { ...options.env } });
  const pass = (signal: NodeJS.Signals): void => {
    const sentByTerminal = options.sharesTerminal && (signal === "SIGINT" || signal === "SIGQUIT");
    if (!sentByTerminal) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (cause: NodeJS.ErrnoException) => reject(notStarted(command, cause)));
      child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of forwarded) process.off(signal, pass);
  }
}

const notStarted = (command: string, cause: NodeJS.ErrnoException): CommandFailure =>
  cause.code === "ENOENT"
    ? new CommandFailure(`there is no command "${command}"`, { fix: "install it, or check the spelling", cause })
    : new CommandFailure(`"${command}" cannot be started (${cause.code})`, { fix: "check its permissions", cause });
