import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type KeycloakRig, startKeycloak } from "../../rigs/index.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The Keycloak of all files in this folder. Each file has realms of its own names, and changes nothing of others. */
    keycloak: { readonly url: string; readonly adminUser: string; readonly adminPassword: string };
  }
}

const folder = mkdtempSync(join(tmpdir(), "cloudpass-keycloak-"));
let rig: KeycloakRig | undefined;

/** Starts one Keycloak for all files of the folder: its virtual machine gets several times as fast after the first of them. */
export async function setup(project: TestProject): Promise<void> {
  rig = await startKeycloak({ dir: folder, jvm: "throughput", heap: "1g" });
  const { url, adminUser, adminPassword } = rig;
  project.provide("keycloak", { url, adminUser, adminPassword });
}

/** Ends it. */
export async function teardown(): Promise<void> {
  await rig?.stop();
  rmSync(folder, { recursive: true, force: true });
}
