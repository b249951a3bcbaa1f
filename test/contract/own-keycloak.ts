import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../src/core/index.ts";
import type { KeycloakConnection } from "../../src/realms/index.ts";
import { type KeycloakOptions, type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";

/** Where a Keycloak is, and its administrator. */
export type Reached = Pick<KeycloakRig, "url" | "adminUser" | "adminPassword">;

/** A connection as an operator's command makes it. */
export const connectionTo = ({ url, adminUser, adminPassword }: Reached): KeycloakConnection => ({
  ...{ url, realm: "master" },
  credentials: { kind: "password", username: adminUser, password: new Secret(adminPassword) },
});

/** A Keycloak, and the two ways to it: as the product goes, and behind the product's back. */
export interface ReachedKeycloak {
  readonly rig: Reached;
  readonly connection: KeycloakConnection;
  readonly admin: KeycloakAdmin;
}

/** The two ways to a Keycloak that is up. */
export const reached = (rig: Reached): ReachedKeycloak => ({
  ...{ rig, connection: connectionTo(rig), admin: keycloakAdmin(rig.url, rig.adminUser, rig.adminPassword) },
});

/** Starts one of the test file's own before its tests, and ends it after them; until it is started its members are not there. */
export function ownKeycloak(options: Pick<KeycloakOptions, "jvm" | "heap"> = {}): ReachedKeycloak {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-keycloak-"));
  const own: Partial<ReachedKeycloak> & { rig?: KeycloakRig } = {};
  beforeAll(async () => {
    const rig = await startKeycloak({ dir: folder, ...options });
    Object.assign(own, reached(rig), { rig });
  });
  afterAll(async () => {
    await own.rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return own as ReachedKeycloak;
}
