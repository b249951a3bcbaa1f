import { join } from "node:path";
import { acquirePythonEnvironment } from "../support/python-environment.ts";

const SCHEMATHESIS = "schemathesis==4.32.5";

/** A program of Python's, in an environment of its own. */
export interface ScannerRig {
  readonly program: string;
  readonly version: string;
}

/** Schemathesis, which asks an API whatever its OpenAPI document allows and forbids, and holds the answers against it. */
export async function schemathesis(): Promise<ScannerRig> {
  const folder = await acquirePythonEnvironment({
    name: "schemathesis",
    packages: [SCHEMATHESIS],
    constraintsFile: join(import.meta.dirname, "constraints.txt"),
  });
  return { program: join(folder, "venv", "bin", "schemathesis"), version: SCHEMATHESIS.replace("==", " ") };
}
