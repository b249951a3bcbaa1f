import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.ts";
import { startServer } from "../support/server-process.ts";
import { ensureSystemPackages } from "../support/system-packages.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A running oidc-agent of its own. */
export interface OidcAgentRig {
  readonly version: string;
  /** In which `oidc-gen` and `oidc-token` find it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Starts Debian's oidc-agent with its configuration and socket in `dir`, whose path must be short (a socket's limit). */
export async function startOidcAgent(dir: string): Promise<OidcAgentRig> {
  await ensureSystemPackages(["oidc-agent"]);
  mkdirSync(join(dir, "accounts"), { recursive: true, mode: 0o700 });
  const socket = join(dir, "agent");
  const env = { OIDC_SOCK: socket, OIDC_CONFIG_DIR: join(dir, "accounts"), OIDC_ENCRYPTION_PW: "of this run only" };
  const server = await startServer({
    name: "oidc-agent",
    command: "oidc-agent",
    args: ["--console", `--socket-path=${socket}`],
    logFile: join(dir, "agent.log"),
    env,
  });
  await waitUntil({ what: "oidc-agent listened", servers: [server], timeoutMs: 5_000 }, async () => existsSync(socket));
  return { version: (await run("oidc-agent", ["--version"])).trim(), env, stop: () => server.stop() };
}
