import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../src/core/index.ts";
import type { KeycloakConnection } from "../../src/realms/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";

/** A connection as an operator's command makes it. */
export const connectionTo = ({ url, adminUser, adminPassword }: KeycloakRig): KeycloakConnection => ({
  ...{ url, realm: "master" },
  credentials: { kind: "password", username: adminUser, password: new Secret(adminPassword) },
});

/** A Keycloak of a test file's own, and the two ways to it: as the product goes, and behind the product's back. */
export interface OwnKeycloak {
  readonly rig: KeycloakRig;
  readonly connection: KeycloakConnection;
  readonly admin: KeycloakAdmin;
}

/** Starts it before the tests of the file, and ends it after them; until it is started its members are not there. */
export function ownKeycloak(): OwnKeycloak {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-keycloak-"));
  const own: { rig?: KeycloakRig; connection?: KeycloakConnection; admin?: KeycloakAdmin } = {};
  beforeAll(async () => {
    const rig = await startKeycloak({ dir: folder });
    const admin = keycloakAdmin(rig.url, rig.adminUser, rig.adminPassword);
    Object.assign(own, { rig, admin, connection: connectionTo(rig) });
  });
  afterAll(async () => {
    await own.rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return own as OwnKeycloak;
}
