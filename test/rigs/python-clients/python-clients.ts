import { join } from "node:path";
import { acquirePythonEnvironment } from "../support/python-environment.ts";

const MSAL = ["msal==1.39.0"];
const AUTHLIB = ["authlib==1.9.6", "requests==2.34.2"];

/** Libraries as released, each with a small program of ours around it. */
export interface PythonClients {
  readonly python: string;
  /** `ISSUER CLIENT_ID SCOPE...` */
  readonly msal: string;
  /** `ISSUER CLIENT_ID SCOPE` */
  readonly authlib: string;
  readonly versions: { readonly msal: string; readonly authlib: string };
}

/** MSAL and Authlib in an environment of their own. */
export async function pythonClients(): Promise<PythonClients> {
  const here = import.meta.dirname;
  const folder = await acquirePythonEnvironment({
    name: "python-clients",
    packages: [...MSAL, ...AUTHLIB],
    constraintsFile: join(here, "constraints.txt"),
  });
  return {
    python: join(folder, "venv", "bin", "python"),
    msal: join(here, "msal_device.py"),
    authlib: join(here, "authlib_device.py"),
    versions: { msal: said(MSAL), authlib: said(AUTHLIB) },
  };
}

const said = (pins: readonly string[]): string => pins.map((pin) => pin.replace("==", " ")).join(", ");
