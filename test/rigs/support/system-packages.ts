import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./folders.ts";
import { withLock } from "./lock.ts";
import { RigAbsent } from "./rig-absent.ts";
import { run } from "./run.ts";
import { say, since } from "./say.ts";

interface Need {
  readonly packages: readonly string[];
  readonly isMet: () => boolean;
}

const NEEDS = {
  // apache2-bin is the server without the service, so nothing starts to listen on port 80.
  apache: { packages: ["apache2-bin"], isMet: () => existsSync("/usr/sbin/apache2") },
  "mod-auth-openidc": {
    packages: ["libapache2-mod-auth-openidc"],
    isMet: () => existsSync("/usr/lib/apache2/modules/mod_auth_openidc.so"),
  },
  redis: { packages: ["redis-server"], isMet: () => isOnPath("redis-server") },
  "oidc-agent": { packages: ["oidc-agent-cli"], isMet: () => isOnPath("oidc-agent") },
  wrk: { packages: ["wrk"], isMet: () => isOnPath("wrk") },
  openssl: { packages: ["openssl"], isMet: () => isOnPath("openssl") },
  unzip: { packages: ["unzip"], isMet: () => isOnPath("unzip") },
  chromium: { packages: ["chromium"], isMet: () => isOnPath("chromium") },
  "key-ring": {
    packages: ["gnome-keyring", "dbus"],
    isMet: () => isOnPath("gnome-keyring-daemon") && isOnPath("dbus-daemon") && isOnPath("dbus-send"),
  },
  java: { packages: ["default-jre-headless"], isMet: () => isOnPath("java") },
  maven: { packages: ["maven"], isMet: () => isOnPath("mvn") },
  python: { packages: ["python3", "python3-venv"], isMet: () => python("import ensurepip, venv") },
  "python-headers": {
    packages: ["python3-dev"],
    isMet: () => python("import os, sysconfig as s; assert os.path.exists(s.get_path('include') + '/Python.h')"),
  },
  "c-compiler": { packages: ["gcc", "libc6-dev"], isMet: () => isOnPath("cc") || isOnPath("gcc") },
} as const satisfies Record<string, Need>;

/** Something that only the system's package manager can bring. */
export type SystemNeed = keyof typeof NEEDS;

/**
 * Installs the Debian packages for the needs that are not met yet; all needs if none are named.
 * Throws `RigAbsent` if something is missing and cannot be installed here.
 */
export async function ensureSystemPackages(needs?: readonly SystemNeed[]): Promise<void> {
  const asked = needs ?? (Object.keys(NEEDS) as SystemNeed[]);
  if (missing(asked).length === 0) return;
  if (process.getuid?.() !== 0 || !isOnPath("apt-get")) {
    const why = isOnPath("apt-get") ? "this user may not install it (not root)" : "there is no apt-get here";
    throw new RigAbsent(`Missing: ${missing(asked).join(", ")}; ${why}. Install it and try again.`);
  }
  await withLock(join(cacheFolder(), "apt.lock"), async () => {
    const packages = missing(asked);
    if (packages.length > 0) await install(packages);
  });
  const still = missing(asked);
  if (still.length > 0) throw new RigAbsent(`apt-get ran, but this is still missing: ${still.join(", ")}.`);
}

/** True if a command can be run by its bare name. */
export function isOnPath(command: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function install(packages: readonly string[]): Promise<void> {
  const started = Date.now();
  say(`installing Debian packages: ${packages.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  try {
    await run("apt-get", [...wait, "-q", "update"], { env });
    await run("apt-get", [...wait, "-q", "install", "-y", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new RigAbsent(`Debian packages could not be installed: ${packages.join(" ")}. ${because}`, { cause: error });
  }
  say(`installed in ${since(started)}`);
}

function missing(needs: readonly SystemNeed[]): string[] {
  return needs.filter((need) => !NEEDS[need].isMet()).flatMap((need) => [...NEEDS[need].packages]);
}

function python(program: string): boolean {
  return spawnSync("python3", ["-c", program], { stdio: "ignore" }).status === 0;
}
