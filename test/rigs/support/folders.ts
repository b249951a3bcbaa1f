import { homedir } from "node:os";
import { join } from "node:path";

/** Where downloads and builds are kept: outside the checkout, so a fresh clone on the same machine finds them. */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "cloudpass", "rigs");
}

/** Where rigs that stay up keep their data, logs and process ids. */
export function stateFolder(): string {
  return join(process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "cloudpass", "rigs");
}
