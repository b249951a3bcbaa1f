import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Holds an exclusive lock between processes while the act runs. The kernel frees it when the holder dies, in whatever
 * way; a lock file with a process id in it would have to guess. `flock` is part of every Debian.
 */
export async function withLock<T>(file: string, act: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  // The holder lives as long as its standard input is open, so it goes with this process.
  const holder = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; exec cat"], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", (code) => reject(new Error(`The lock ${file} could not be taken (flock ended with ${code}).`)));
    holder.stdout.once("data", () => resolve());
  });
  try {
    return await act();
  } finally {
    holder.stdin.end();
  }
}
