import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RigAbsent } from "./rig-absent.ts";
import { run } from "./run.ts";
import { isOnPath } from "./system-packages.ts";

/** Flags of every build: nothing but what go.mod and go.sum say. */
export const GO_FLAGS = ["-mod=readonly", "-trimpath"];
/** GOWORK and GOFLAGS of the user's own would change what is built. */
export const GO_SETTINGS = { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" };

/** The version of Go that builds the module in `folder`; `what` is built with it. */
export async function goVersion(folder: string, what: string): Promise<string> {
  if (!isOnPath("go")) {
    throw new RigAbsent(`${what} is built from source, and there is no go command here. Install Go 1.26 or newer.`);
  }
  return (await run("go", ["version"], { cwd: folder })).trim();
}

/** Texts of files: inputs of a build. */
export function readAll(folder: string, names: readonly string[]): string[] {
  return names.map((name) => readFileSync(join(folder, name), "utf8"));
}
