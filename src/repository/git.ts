import { type ExecFileException, execFile } from "node:child_process";
import { Fault, visible } from "../core/index.ts";

/** One run of git. */
export interface GitCall {
  readonly args: readonly string[];
  /** What it reads from its standard input. */
  readonly input?: string | Buffer;
  /** Settings of this call alone, as `core.bare=true`. */
  readonly settings?: readonly string[];
  /** Variables of this call alone. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Longest that it may take, in milliseconds. */
  readonly longestMs?: number;
}

/** How a run ended. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git once in a repository. Throws `Fault` when there is no git, or none that ends in time. */
export type RunGit = (call: GitCall) => Promise<GitAnswer>;

/** Longest that a call may take that stays on this machine. It takes milliseconds. */
const longestHereMs = 20_000;
const longestOutput = 64 * 1024 * 1024;

/**
 * What git is told before the command. No hook and no other program that the repository names is started. What was written
 * is on the disk before git goes on (objects before the ref that names them): after a power cut the ref is the old one or the
 * new one. Nothing tidies up behind our back.
 */
export const settings: readonly string[] = asOptions([
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  // Who finds a lock comes again by itself.
  "core.filesRefLockTimeout=0",
  "core.fsync=all",
  "core.fsyncMethod=fsync",
  "gc.auto=0",
  "maintenance.auto=false",
]);

function asOptions(all: readonly string[]): string[] {
  return all.flatMap((setting) => ["-c", setting]);
}

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The whole environment of git: nothing of ours but what is given. Configuration of the machine or of a user changes nothing,
 * nobody is asked for a password, replaced objects and grafted parents are not believed, only these transports are used.
 */
export const environmentOf = (given: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: usualPath,
  GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oConnectTimeout=20",
  ...given,
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  GIT_ALLOW_PROTOCOL: "file:https:http:ssh",
});

/** Git in one folder, which may not be a repository yet. */
export function gitIn(folder: string, environment: Readonly<Record<string, string>>): RunGit {
  const env = environmentOf(environment);
  return ({ args, input = "", settings: more = [], variables = {}, longestMs = longestHereMs }) =>
    new Promise((resolve, reject) => {
      const operation = args[0] ?? "git";
      const all = [`--git-dir=${folder}`, ...settings, ...asOptions(more), ...args];
      const options = {
        // The folder, so that whoever looks for the holder of a lock finds this process there.
        cwd: folder,
        env: { ...env, ...variables },
        // SIGTERM: git takes its lock files away then.
        timeout: longestMs,
        maxBuffer: longestOutput,
        encoding: "buffer" as const,
      };
      const child = execFile("git", all, options, (problem, out, error) => {
        if (problem === null) return resolve({ code: 0, stdout: out, stderr: error.toString() });
        if (typeof problem.code === "number") {
          return resolve({ code: problem.code, stdout: out, stderr: error.toString() });
        }
        return reject(notRun(operation, problem, longestMs));
      });
      // It may end before it has read all; then its exit code says so.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
}

function notRun(operation: string, cause: ExecFileException, longestMs: number): Fault {
  const { code } = cause as { code?: unknown };
  if (code === "ENOENT") {
    const message =
      "the program git or the repository's folder is not there. Install git 2.38 or later, or check the folder";
    return new Fault("git", operation, { cause, retryable: false, message });
  }
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new Fault("git", operation, { cause, retryable: false, message: "it answered more than 64 MiB" });
  }
  const message = cause.killed ? `it took longer than ${longestMs / 1000} s and was stopped` : "it was stopped";
  return new Fault("git", operation, { cause, message });
}

/** Runs git and answers what it wrote. Throws `Fault` in its words when it fails. */
export async function mustRun(run: RunGit, call: GitCall): Promise<Buffer> {
  const answer = await run(call);
  if (answer.code !== 0) throw gitFault(call.args[0] ?? "git", answer.stderr);
  return answer.stdout;
}

/** What is known of git's complaints, and what to do. */
const complaints: readonly { readonly pattern: RegExp; readonly message: string; readonly retryable: boolean }[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|file too large/i,
    message: "the disk is full. Make room; nothing was changed",
    retryable: true,
  },
  {
    pattern: /Read-only file system|Permission denied|insufficient permission/i,
    message: "the repository cannot be written. Check its owner, its mode and that the disk is writable",
    retryable: false,
  },
];

/** A failed call as a fault: what it means where that is known, and git's own words, without anybody's password. */
export function gitFault(operation: string, stderr: string): Fault {
  const known = complaints.find(({ pattern }) => pattern.test(stderr));
  const said = inOneLine(stderr);
  const message = [known?.message, said].filter(Boolean).join(" – ");
  return new Fault("git", operation, { retryable: known?.retryable ?? true, ...(message !== "" && { message }) });
}

/** Git's words in one line that a terminal and a log may have. A password in a URL is taken out. */
export const inOneLine = (stderr: string): string =>
  visible(
    stderr
      .replaceAll(/\/\/[^/@\s]*@/g, "//")
      .split("\n")
      .map((line) => line.replace(/^(fatal|error|remote|hint): */, "").trim())
      .filter((line) => line !== "")
      .join("; "),
  ).slice(0, 400);
