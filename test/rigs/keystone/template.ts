import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildStep } from "../support/acquire.ts";
import { acquirePythonEnvironment } from "../support/python-environment.ts";
import { keystoneConfiguration } from "./keystone-configuration.ts";
import { layKeys } from "./lay-keys.ts";

/** The password of `admin` (project `admin`, domain `Default`) in every rig. */
export const ADMIN_PASSWORD = "rig-admin";

const PACKAGES = ["keystone==30.0.0", "uwsgi==2.0.31"];
// Put right in each cloud made from the template: the openstack client takes the address from the catalogue.
const URL = "http://127.0.0.1:1/v3";
const BOOTSTRAP = [
  ...["--bootstrap-password", ADMIN_PASSWORD, "--bootstrap-region-id", "RegionOne"],
  ...["--bootstrap-public-url", URL, "--bootstrap-internal-url", URL, "--bootstrap-admin-url", URL],
];

/** What is in the cache. */
export interface KeystoneTemplate {
  readonly venv: string;
  /** A database with the schema, the roles and the admin. */
  readonly database: string;
}

/** Installs Keystone once and makes the database that all clouds begin with. */
export async function acquireKeystone(): Promise<KeystoneTemplate> {
  const folder = await acquirePythonEnvironment({
    name: "keystone",
    packages: PACKAGES,
    constraintsFile: join(import.meta.dirname, "constraints.txt"),
    // uwsgi comes as source.
    needs: ["c-compiler", "python-headers"],
    inputs: [keystoneConfiguration("/template"), ...BOOTSTRAP],
    afterwards: makeTemplate,
  });
  return { venv: join(folder, "venv"), database: join(folder, "template", "keystone.db") };
}

async function makeTemplate(folder: string, step: BuildStep): Promise<void> {
  const dir = join(folder, "template");
  mkdirSync(dir);
  chmodSync(dir, 0o700);
  layKeys(dir);
  const configuration = join(dir, "keystone.conf");
  writeFileSync(configuration, keystoneConfiguration(dir));
  const manage = join(folder, "venv", "bin", "keystone-manage");
  await step(manage, ["--config-file", configuration, "db_sync"]);
  await step(manage, ["--config-file", configuration, "bootstrap", ...BOOTSTRAP]);
}
