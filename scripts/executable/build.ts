import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Bundle, bundle } from "./bundle.ts";
import { baseNode, type Platform, thisPlatform } from "./nodes.ts";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

/** An executable that was made. */
export interface Executable {
  readonly path: string;
  readonly platform: Platform;
  /** Names of the packages inside, whose licences go with it. */
  readonly packages: readonly string[];
  /** The licence of the Node inside. */
  readonly nodeLicence: string;
}

/** Makes one file for a system that needs no Node there: `cloudpass` (`cloudpass.exe`) in `folder`. */
export async function buildExecutable(platform: Platform, folder: string): Promise<Executable> {
  const host = thisPlatform();
  if (host === undefined) throw new Error(`an executable cannot be built on ${process.platform} ${process.arch}`);
  const [node, builder, bundled] = await Promise.all([baseNode(platform), baseNode(host), bundle()]);
  const scratch = await mkdtemp(join(tmpdir(), "cloudpass-executable-"));
  try {
    const path = join(folder, platform.startsWith("win32") ? "cloudpass.exe" : "cloudpass");
    await mkdir(folder, { recursive: true });
    const blob = await makeBlob(scratch, bundled, builder.executable, platform === host);
    await copyFile(node.executable, path);
    await chmod(path, 0o755);
    await inject(path, blob);
    return { path, platform, packages: bundled.packages, nodeLicence: builder.licence };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Makes what goes into the executable (Node's documentation, "Single executable applications"). */
async function makeBlob(scratch: string, { main, program }: Bundle, node: string, isHere: boolean): Promise<string> {
  const at = (name: string) => join(scratch, name);
  const files = { "main.cjs": main, "program.cjs": program, "program.cache": "" };
  for (const [name, text] of Object.entries(files)) await writeFile(at(name), text);
  // V8's code cache is of one machine's kind: for another one there is none, and the program is compiled there.
  if (isHere) await run(node, [join(here, "warm.mjs"), at("program.cjs"), at("program.cache")]);
  const config = {
    main: at("main.cjs"),
    output: at("blob"),
    disableExperimentalSEAWarning: true,
    useCodeCache: isHere,
    // NODE_OPTIONS are for programs whose Node is the person's own.
    execArgvExtension: "none",
    assets: Object.fromEntries(["program.cjs", "program.cache"].map((name) => [name, at(name)])),
  };
  await writeFile(at("sea.json"), JSON.stringify(config));
  await run(node, ["--experimental-sea-config", at("sea.json")]);
  return config.output;
}

/** Node finds the blob under this name, and looks for it where this mark is set. */
const [name, mark] = ["NODE_SEA_BLOB", "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"];

async function inject(executable: string, blob: string): Promise<void> {
  const injector = fileURLToPath(new URL("cli.js", import.meta.resolve("postject")));
  await run(process.execPath, [injector, executable, name, blob, "--sentinel-fuse", mark]);
}
