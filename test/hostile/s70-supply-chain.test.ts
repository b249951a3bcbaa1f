import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sbom } from "../../scripts/sbom.ts";
import { checkSupplyChain, type Lock, type LockedPackage, readOwn } from "../../scripts/supply-chain.ts";
import { knownBad, releaseLicences } from "../../scripts/supply-chain-lists.ts";

// Somebody's package is somebody's code with our rights. The attacker changes the lock file, or a package that it names.
// Seen red: with each look in scripts/supply-chain.ts taken away, its attack below is found no more.

const root = fileURLToPath(new URL("../../", import.meta.url));
const { lock, manifest } = readOwn();

const jose = "node_modules/jose";
const changed = (place: string, change: Partial<LockedPackage>): Lock => ({
  ...lock,
  packages: { ...lock.packages, [place]: { ...lock.packages[place], ...change } },
});
const without = (place: string, field: keyof LockedPackage): Lock => {
  const { [field]: _, ...rest } = lock.packages[place] ?? {};
  return { ...lock, packages: { ...lock.packages, [place]: rest } };
};
const good: LockedPackage = { version: "1.0.0", integrity: `sha512-${"A".repeat(86)}==`, license: "MIT" };

describe("S-70: what comes in from others", () => {
  test("nothing of what this project uses is found", () => {
    expect(checkSupplyChain(lock, manifest)).toEqual([]);
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
  });

  test.each<[string, Lock, RegExp]>([
    ["a package without a hash", without(jose, "integrity"), /^jose .*has no SHA-512/],
    ["one with a weak hash", changed(jose, { integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }), /has no SHA-512/],
    ["one with a short hash", changed(jose, { integrity: "sha512-AAAA" }), /has no SHA-512/],
    [
      "one from a repository",
      changed(jose, { resolved: "git+ssh://git@github.com/x/jose.git#1" }),
      /not from a registry/,
    ],
    ["one by plain http", changed(jose, { resolved: "http://registry.example/jose.tgz" }), /not from a registry/],
    ["one from a folder", changed(jose, { link: true }), /link to a folder/],
    ["one that runs a script", changed(jose, { hasInstallScript: true }), /^jose .*runs a script at its installation/],
    [
      "one below another that does",
      changed("node_modules/express/node_modules/x", { ...good, hasInstallScript: true }),
      /runs a script/,
    ],
    ["another version than was asked for", changed(jose, { version: "6.0.0" }), /jose is \d.*, locked is 6\.0\.0/],
    ["a licence that binds those who use us", changed(jose, { license: "AGPL-3.0-only" }), /is under AGPL-3\.0-only/],
    ["no licence", without(jose, "license"), /is under no licence that is named/],
    ["a tool's licence in the release", changed(jose, { license: "MPL-2.0" }), /is under MPL-2\.0/],
    [
      "a known bad one",
      changed("node_modules/event-stream", { ...good, version: "3.3.6" }),
      /must not be used: .*flatmap-stream/,
    ],
    [
      "a known bad one far below",
      changed("node_modules/express/node_modules/debug", { ...good, version: "4.4.2" }),
      /must not be used/,
    ],
    [
      "a known bad one under another name",
      changed("node_modules/colour", { ...good, name: "chalk", version: "5.6.1" }),
      /must not be used/,
    ],
    [
      "one of before its mending",
      changed("node_modules/jsonwebtoken", { ...good, version: "8.5.1" }),
      /must not be used/,
    ],
    [
      "one of just before its mending",
      changed("node_modules/jsonwebtoken", { ...good, version: "9.0.0-rc.1" }),
      /must not be used/,
    ],
    ["a lock file of another kind", { ...lock, lockfileVersion: 1 }, /version 1 is not looked at/],
  ])("%s is found", (_what, tampered, message) => {
    expect(checkSupplyChain(tampered, manifest)).toEqual([expect.stringMatching(message)]);
  });

  test("a choice of licences needs one that is allowed; the mended versions of a bad one are good", () => {
    expect(checkSupplyChain(changed(jose, { license: "(GPL-3.0-only OR MIT)" }), manifest)).toEqual([]);
    for (const version of ["9.0.0", "9.0.2", "10.0.0"]) {
      expect(checkSupplyChain(changed("node_modules/jsonwebtoken", { ...good, version }), manifest)).toEqual([]);
    }
  });

  test("what package.json asks for is one version, not whatever comes", () => {
    const { dependencies } = manifest;
    for (const version of ["^6.2.17", "latest", "*", "github:x/jose", "6"]) {
      const found = checkSupplyChain(lock, { ...manifest, dependencies: { ...dependencies, jose: version } });
      expect(found).toEqual([`package.json: jose is not an exact version: ${version}`]);
    }
  });

  test("only the package that fetches Node for developers may run a script, and no image lets even that one", () => {
    expect(manifest.allowScripts).toEqual({ node: true, esbuild: false });
    const installs = readFileSync(join(root, "deploy/Dockerfile"), "utf8").match(/^RUN npm ci.*$/gm) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const line of installs) expect(line).toContain("--ignore-scripts");
  });

  test("what lies in node_modules is what the lock file names, and nothing else has slipped in", () => {
    const names = (folder: string) =>
      readdirSync(join(root, folder)).flatMap((name) =>
        name.startsWith("@") ? readdirSync(join(root, folder, name)).map((inner) => `${name}/${inner}`) : [name],
      );
    const there = names("node_modules").filter((name) => !name.startsWith("."));
    expect(there.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  test("the list of what must not be used says why of each", () => {
    expect(knownBad.filter((bad) => bad.because.length < 10 || bad.versions.length === 0)).toEqual([]);
  });
});

describe("S-70: the release's bill of materials", () => {
  const bom = JSON.parse(sbom()) as {
    metadata: { component: { name: string; version: string } };
    components: {
      "bom-ref": string;
      name: string;
      version: string;
      hashes?: { alg: string }[];
      licenses?: unknown[];
    }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };

  test("names each package of the release with version, hash and licence, and no tool", () => {
    const released = Object.entries(lock.packages).filter(([place, p]) => place !== "" && !p.dev && !p.devOptional);
    const wanted = released.map(([place, p]) => `${place.replace(/.*node_modules\//, "")} ${p.version}`);
    expect(bom.components.map((c) => `${c.name} ${c.version}`).sort()).toEqual(wanted.sort());
    for (const { name, hashes, licenses } of bom.components) {
      expect([name, hashes?.[0]?.alg, licenses?.length]).toEqual([name, "SHA-512", 1]);
    }
    expect(bom.metadata.component).toMatchObject({ name: "cloudpass", type: "application" });
  });

  test("says who brought each: all of it hangs on the product", () => {
    const below = new Map(bom.dependencies.map((d) => [d.ref, d.dependsOn]));
    const reached = new Set<string>();
    const visit = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of below.get(ref) ?? []) visit(next);
    };
    visit(bom.dependencies[0]?.ref ?? "");
    expect(bom.components.map((c) => c["bom-ref"]).filter((ref) => !reached.has(ref))).toEqual([]);
  });

  test("is the same for the same release, whoever makes it where", () => {
    expect(sbom()).toBe(sbom());
    expect(sbom()).not.toMatch(/timestamp|\/(home|root|work)\//);
  });

  test("all of it is under licences that the release may pass on", () => {
    const released = Object.values(lock.packages).filter((p) => !p.dev && !p.devOptional);
    expect(released.filter((p) => !releaseLicences.includes(p.license ?? "")).map((p) => p.license)).toEqual([]);
  });
});

test("S-70: the look is a command of its own, too: it says what it found and fails", () => {
  const said = execFileSync(process.execPath, [join(root, "scripts/supply-chain.ts")], { encoding: "utf8" });
  expect(said).toMatch(/^\d+ packages: nothing found\n$/);
});
