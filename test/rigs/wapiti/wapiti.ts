import { join } from "node:path";
import type { ScannerRig } from "../schemathesis/schemathesis.ts";
import { acquirePythonEnvironment } from "../support/python-environment.ts";

const WAPITI = "wapiti3==3.2.3";

/** Wapiti, which follows the links and forms of pages and attacks what it finds. */
export async function wapiti(): Promise<ScannerRig> {
  const folder = await acquirePythonEnvironment({
    name: "wapiti",
    packages: [WAPITI],
    constraintsFile: join(import.meta.dirname, "constraints.txt"),
  });
  return { program: join(folder, "venv", "bin", "wapiti"), version: WAPITI.replace("==", " ") };
}
