import { join } from "node:path";
import { acquirePythonEnvironment } from "../support/python-environment.ts";

const PACKAGES = ["python-openstackclient==10.5.0", "keystoneauth1==5.18.1", "openstacksdk==4.22.0"];

/** What the `openstack` command is made of. */
export const openstackVersions = PACKAGES.map((p) => p.replace("==", " ")).join(", ");

/** The unmodified `openstack` command. */
export async function openstackClient(): Promise<{ readonly openstack: string }> {
  const folder = await acquirePythonEnvironment({
    name: "openstack",
    packages: PACKAGES,
    constraintsFile: join(import.meta.dirname, "constraints.txt"),
  });
  return { openstack: join(folder, "venv", "bin", "openstack") };
}
