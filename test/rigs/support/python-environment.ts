import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acquire, type BuildStep } from "./acquire.ts";
import { RigAbsent } from "./rig-absent.ts";
import { run } from "./run.ts";
import { ensureSystemPackages, type SystemNeed } from "./system-packages.ts";

/** A virtual environment with exactly pinned packages. */
export interface PythonEnvironment {
  readonly name: string;
  /** What is wanted, each with its exact version. */
  readonly packages: readonly string[];
  /** A `pip freeze` of an environment that worked: pins everything below, too. */
  readonly constraintsFile: string;
  readonly needs?: readonly SystemNeed[];
  /** More that decides what comes out, and what to do after the installation. */
  readonly inputs?: readonly string[];
  readonly afterwards?: (folder: string, step: BuildStep) => Promise<void>;
}

/** The cached folder with the environment in `venv`. */
export async function acquirePythonEnvironment(wanted: PythonEnvironment): Promise<string> {
  await ensureSystemPackages(["python", ...(wanted.needs ?? [])]);
  const version = (await run("python3", ["-c", "import sys; print(sys.executable, sys.version)"])).trim();
  const newEnough = await run("python3", ["-c", "import sys; print(sys.version_info >= (3, 11))"]);
  if (newEnough.trim() !== "True") {
    throw new RigAbsent(`${wanted.name} needs Python 3.11 or newer; python3 here is ${version}.`);
  }
  const constraints = readFileSync(wanted.constraintsFile, "utf8");
  return acquire({
    name: wanted.name,
    inputs: [...wanted.packages, constraints, version, ...(wanted.inputs ?? [])],
    build: async (folder, step) => {
      const venv = join(folder, "venv");
      await step("python3", ["-m", "venv", venv]);
      const quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
      const pinned = ["--constraint", wanted.constraintsFile, ...wanted.packages];
      await step(join(venv, "bin", "pip"), ["install", ...quiet, ...pinned]);
      await wanted.afterwards?.(folder, step);
    },
  });
}
