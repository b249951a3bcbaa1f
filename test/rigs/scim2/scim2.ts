import { join } from "node:path";
import { acquirePythonEnvironment } from "../support/python-environment.ts";

const TESTER = "scim2-tester==0.5.2";
const COMMAND = "scim2-cli==0.6.0";

/** The compliance tester of the scim2 project, behind its command. */
export interface Scim2Rig {
  /** The program `scim2`. */
  readonly program: string;
  readonly versions: string;
}

/** The tester in an environment of its own. */
export async function scim2(): Promise<Scim2Rig> {
  const folder = await acquirePythonEnvironment({
    name: "scim2",
    packages: [TESTER, COMMAND],
    constraintsFile: join(import.meta.dirname, "constraints.txt"),
  });
  return {
    program: join(folder, "venv", "bin", "scim2"),
    versions: [TESTER, COMMAND].map((pin) => pin.replace("==", " ")).join(", "),
  };
}
