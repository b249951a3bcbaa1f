import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeCompletions, writeManual } from "../manual.ts";
import { sbom } from "../sbom.ts";
import { buildExecutable, type Executable } from "./build.ts";
import type { Platform } from "./nodes.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Makes the release of a system in `folder`, as one archive with everything that goes with the executable. */
export async function archiveFor(platform: Platform, folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const scratch = await mkdtemp(join(tmpdir(), "cloudpass-archive-"));
  try {
    const name = `cloudpass-${version}-${platform}`;
    await fill(join(scratch, name), await buildExecutable(platform, join(scratch, name)));
    await mkdir(folder, { recursive: true });
    const archive = join(folder, `${name}.tar.gz`);
    // The same bytes for the same content: no times, no owners, an order.
    const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    const compress = ["--use-compress-program", "gzip -n -5"];
    await run("tar", [...same, ...compress, "-cf", archive, "-C", scratch, name]);
    return archive;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function fill(folder: string, executable: Executable): Promise<void> {
  for (const name of ["LICENSE", "README.md", "CHANGELOG.md"]) await copyFile(join(root, name), join(folder, name));
  await writeFile(join(folder, "sbom.cdx.json"), sbom());
  await writeManual(join(folder, "man"));
  await writeCompletions(join(folder, "completions"));
  await writeFile(join(folder, "THIRD-PARTY-LICENCES.txt"), await licencesOf(executable));
}

/** The licences of everything inside, whole: most of them ask for just that. */
async function licencesOf({ packages, nodeLicence }: Executable): Promise<string> {
  const texts = await Promise.all(packages.map(licenceOf));
  return [...texts, `# Node.js\n\n${await readFile(nodeLicence, "utf8")}`].join(`\n\n${"=".repeat(80)}\n\n`);
}

async function licenceOf(name: string): Promise<string> {
  const folder = join(root, "node_modules", name);
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`# ${name} ${manifest.version} (${manifest.license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

/** Writes `SHA256SUMS` for every archive of a folder, as `sha256sum --check` reads it. */
export async function writeChecksums(folder: string): Promise<void> {
  const archives = (await readdir(folder)).filter((name) => name.endsWith(".tar.gz")).sort();
  const lines = await Promise.all(
    archives.map(async (name) => {
      const hash = createHash("sha256").update(await readFile(join(folder, name)));
      return `${hash.digest("hex")}  ${basename(name)}\n`;
    }),
  );
  await writeFile(join(folder, "SHA256SUMS"), lines.join(""));
}
