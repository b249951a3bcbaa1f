import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Fernet and credential keys, as `keystone-manage fernet_setup` would make them (4 s each time): 0 is staged,
 * 1 signs. Each cloud must have its own, or a token of one cloud would be good on another.
 */
export function layKeys(dir: string): void {
  for (const repository of ["fernet", "credential"]) {
    const folder = join(dir, repository);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { mode: 0o700 });
    for (const name of ["0", "1"]) writeFileSync(join(folder, name), fernetKey(), { mode: 0o600 });
  }
}

function fernetKey(): string {
  // Base64 with the URL alphabet but with its padding, which Python insists on.
  return randomBytes(32).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
