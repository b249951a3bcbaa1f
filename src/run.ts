import { runCli } from "./cli/index.ts";

/** What the program is, beside its sources. */
interface Program {
  /** Of the release. */
  readonly version: string;
  /** How this very program is run, by full paths: Node and the script, or one executable. */
  readonly self: readonly string[];
}

/** Runs the command as this process, with its arguments, streams and exit code. */
export async function run(host: NodeJS.Process, { version, self }: Program): Promise<void> {
  // A reader that has seen enough (`cloudpass status | head -1`) is no error of ours.
  host.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") host.exit(0);
    throw error;
  });
  host.exitCode = await runCli(host.argv.slice(2), {
    version,
    self,
    // Each command loads what it needs: `kube-credential` runs for every call of kubectl.
    serve: async (configFile) => (await import("./serve.ts")).serve(configFile, host),
  });
}
