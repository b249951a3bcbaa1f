import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type KnownBad, knownBad, releaseLicences, toolLicences } from "./supply-chain-lists.ts";

// What comes into this project from others is looked at, without a network: `npm run check` does it in test/hostile/s70.

/** One package of `package-lock.json` (version 3), as far as it is looked at. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The lock file, by the place in `node_modules`; "" is the project itself. */
export interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** `package.json`, as far as it is looked at. */
export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

/** Everything about the packages of the lock file that must not be, as `place version: what`. */
export function checkSupplyChain(lock: Lock, manifest: Manifest, bad: readonly KnownBad[] = knownBad): string[] {
  const packages = Object.entries(lock.packages).filter(([place]) => place !== "");
  return [
    ...(lock.lockfileVersion === 3 ? [] : [`package-lock.json: version ${lock.lockfileVersion} is not looked at`]),
    ...sameAsManifest(lock, manifest),
    ...packages.flatMap(([place, entry]) =>
      [...contentOf(entry), ...scriptOf(place, entry, manifest), ...licenceOf(entry), ...badOf(place, entry, bad)].map(
        (message) => `${place.replace(/^node_modules\//, "")} ${entry.version ?? ""}: ${message}`,
      ),
    ),
  ];
}

/** What `npm ci` installs is what stands in `package.json`, to the digit. */
function sameAsManifest({ packages }: Lock, manifest: Manifest): string[] {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(wanted).flatMap(([name, version]) => {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      return [`package.json: ${name} is not an exact version: ${version}`];
    const locked = packages[`node_modules/${name}`]?.version;
    return locked === version ? [] : [`package.json: ${name} is ${version}, locked is ${locked ?? "nothing"}`];
  });
}

function contentOf({ integrity, resolved, link }: LockedPackage): string[] {
  if (link) return ["is a link to a folder of this machine"];
  if (resolved !== undefined && !/^https:\/\/[^/]+\/.*\.tgz$/.test(resolved))
    return [`comes from ${resolved}, not from a registry`];
  // SHA-512: 64 bytes in base64. npm would take a package without a hash, or with one of SHA-1, as it comes.
  return /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "") ? [] : ["has no SHA-512 of what it is"];
}

function scriptOf(place: string, { hasInstallScript }: LockedPackage, { allowScripts }: Manifest): string[] {
  // `false`: npm does not run it, and the package works without.
  return hasInstallScript && allowScripts[nameAt(place)] === undefined ? ["runs a script at its installation"] : [];
}

function licenceOf({ license, dev, devOptional }: LockedPackage): string[] {
  const allowed = dev || devOptional ? toolLicences : releaseLicences;
  // "A OR B": one that is allowed is enough, and is the one that is taken.
  const offered = (license ?? "").replace(/^\((.*)\)$/, "$1").split(" OR ");
  return offered.some((one) => allowed.includes(one)) ? [] : [`is under ${license ?? "no licence that is named"}`];
}

function badOf(place: string, { name, version = "" }: LockedPackage, bad: readonly KnownBad[]): string[] {
  // An alias (`npm:other@1`) lies at another place than its name.
  const called = name ?? nameAt(place);
  return bad
    .filter((b) => b.name === called && b.versions.some((range) => isIn(version, range)))
    .map((b) => `must not be used: ${b.because}`);
}

const nameAt = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

function isIn(version: string, range: string): boolean {
  if (!range.startsWith("<")) return version === range;
  const [have, good] = [version, range.slice(1)].map((text) => text.split("-")[0]?.split(".").map(Number) ?? []);
  const at = [0, 1, 2].find((i) => have?.[i] !== good?.[i]);
  return at === undefined ? version.includes("-") : (have?.[at] ?? 0) < (good?.[at] ?? 0);
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** Reads this project's own two files. */
export const readOwn = (): { readonly lock: Lock; readonly manifest: Manifest } => ({
  lock: JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock,
  manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest,
});

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { lock, manifest } = readOwn();
  const found = checkSupplyChain(lock, manifest);
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
  else console.log(`${Object.keys(lock.packages).length - 1} packages: nothing found`);
}
