import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const SHARED = ["lib", "conf", "providers", "themes", "version.txt"];

/** Makes (or tidies) a Keycloak home: links to the distribution, and a `data` folder of its own. */
export function layHome(home: string, dist: string): void {
  mkdirSync(join(home, "data"), { recursive: true });
  for (const name of SHARED) {
    rmSync(join(home, name), { force: true });
    symlinkSync(join(dist, name), join(home, name));
  }
}
