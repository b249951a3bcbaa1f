import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder, unguardFolder } from "../support/guard.ts";
import { answers } from "../support/probe.ts";
import { run } from "../support/run.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type FrontPlace, frontConfiguration, type Trust } from "./front-configuration.ts";

/** Where a front stands and what it stands before. */
export interface FrontOptions {
  readonly name: string;
  readonly dir: string;
  readonly port: number;
  readonly uwsgiPort: number;
  readonly caFile: string | undefined;
}

/** An Apache in front of a Keystone. */
export interface Front {
  readonly process: () => ServerProcess;
  readonly scratch: readonly string[];
  readonly reload: (trust: Trust) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const APACHE = "/usr/sbin/apache2";

/** Starts Apache with mod_auth_openidc. The issuer may come later: its keys are fetched at the first token. */
export async function startFront(options: FrontOptions, trust: Trust): Promise<Front> {
  mkdirSync(options.dir, { recursive: true });
  const asRoot = process.getuid?.() === 0;
  const scratch = options.caFile !== undefined && asRoot ? [publicCopy(options.caFile)] : [];
  const caFile = scratch[0] === undefined ? options.caFile : join(scratch[0], "ca.crt");
  const place: FrontPlace = { ...options, caFile, asRoot };
  const configuration = join(options.dir, "apache.conf");
  const prepare = async (wanted: Trust): Promise<void> => {
    writeFileSync(`${configuration}.new`, frontConfiguration(place, wanted));
    // A snippet that Apache refuses is refused here, while the old front still serves.
    await run(APACHE, ["-f", `${configuration}.new`, "-t"]);
    renameSync(`${configuration}.new`, configuration);
  };
  const launch = () =>
    startServer({
      name: `${options.name}'s Apache`,
      command: APACHE,
      args: ["-f", configuration, "-DFOREGROUND"],
      logFile: join(options.dir, "error.log"),
    });
  await prepare(trust);
  let server = await launch();
  return {
    process: () => server,
    scratch,
    reload: async (wanted) => {
      await prepare(wanted);
      // Not a signal: nothing would say when the old configuration is no longer in force.
      await server.stop();
      server = await launch();
      const wait = { what: `${options.name} answered through its new front`, servers: [server], timeoutMs: 20_000 };
      await waitUntil(wait, () => answers(`http://127.0.0.1:${options.port}/v3`));
    },
    stop: async () => {
      await server.stop();
      for (const folder of scratch) {
        rmSync(folder, { recursive: true, force: true });
        unguardFolder(folder);
      }
    },
  };
}

/** The serving user reads the authority at each fetch, and may not enter root's folders. */
function publicCopy(caFile: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-front-"));
  guardFolder(folder);
  chmodSync(folder, 0o755);
  copyFileSync(caFile, join(folder, "ca.crt"));
  chmodSync(join(folder, "ca.crt"), 0o644);
  return folder;
}
