import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// The bill of materials of a release (S-70): CycloneDX 1.6 from the lock file, the same bytes for the same release.
// `npm sbom --omit dev` (11.19) leaves out whatever a tool uses as well as the release: a third of it, jose for one.

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));

interface Package {
  readonly version: string;
  readonly integrity: string;
  readonly license: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Optional ones are there or not: whoever installs the release may have them. */
const wantedBy = ({ dependencies, optionalDependencies }: Package): Record<string, string> => ({
  ...dependencies,
  ...optionalDependencies,
});

/** What is released besides our own files, as CycloneDX in JSON. */
export function sbom(): string {
  const { packages } = read("package-lock.json") as { packages: Record<string, Package> };
  const released = Object.entries(packages).filter(([place, p]) => place !== "" && !p.dev && !p.devOptional);
  const references = new Map(released.map(([place, p]) => [place, purlOf(nameOf(place, p), p.version)]));
  const manifest = read("package.json") as Package & { name: string };
  const { name, version, license } = manifest;
  const product = purlOf(name, version);
  const uses = (place: string, wanted: Package["dependencies"] = {}) =>
    Object.keys(wanted).flatMap((dependency) => references.get(found(place, dependency, references)) ?? []);
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { type: "application", "bom-ref": product, name, version, purl: product, ...under(license) },
    },
    components: released.map(([place, p]) => ({
      type: "library",
      "bom-ref": references.get(place),
      name: nameOf(place, p),
      version: p.version,
      purl: references.get(place),
      hashes: [{ alg: "SHA-512", content: Buffer.from(p.integrity.slice("sha512-".length), "base64").toString("hex") }],
      ...under(p.license),
    })),
    dependencies: [
      { ref: product, dependsOn: uses("", wantedBy(manifest)) },
      ...released.map(([place, p]) => ({ ref: references.get(place), dependsOn: uses(place, wantedBy(p)) })),
    ],
  };
  return `${JSON.stringify({ ...bom, serialNumber: idOf(bom) }, undefined, 2)}\n`;
}

const nameOf = (place: string, { name }: Package): string =>
  name ?? place.slice(place.lastIndexOf("node_modules/") + 13);

/** https://github.com/package-url/purl-spec, type npm */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace("@", "%40")}@${version}`;

const under = (license: string) => ({
  licenses: [/ (OR|AND|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
});

/** Where Node finds a package that one at `place` imports: beside it, or further up. */
function found(place: string, name: string, places: ReadonlyMap<string, unknown>): string {
  const here = `${place === "" ? "" : `${place}/`}node_modules/${name}`;
  if (places.has(here) || place === "") return here;
  const above = place.slice(0, place.lastIndexOf("node_modules/")).replace(/\/$/, "");
  return found(above, name, places);
}

/** Made of what it says (UUID version 8), so that two who make it have the same. */
function idOf(bom: object): string {
  const hex = createHash("sha256").update(JSON.stringify(bom)).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [file = "sbom.cdx.json"] = process.argv.slice(2);
  writeFileSync(file, sbom());
  console.log(`wrote ${file}`);
}
