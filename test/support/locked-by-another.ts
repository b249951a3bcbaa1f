import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const fileLock = fileURLToPath(new URL("../../src/files/file-lock.ts", import.meta.url));

/** Another process that holds a lock of ours until it is killed, without a chance to clean up. */
export async function lockedByAnother(path: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const code = `
    const { lockFile } = await import(${JSON.stringify(fileLock)});
    console.log(lockFile(${JSON.stringify(path)}, "the other process").ok);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  if (said.toString().trim() !== "true") throw new Error("the other process did not get the lock");
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
