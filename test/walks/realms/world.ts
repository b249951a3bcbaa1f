import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startKeycloak } from "../../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../../support/keycloak-admin.ts";
import { type Finished, Stage } from "../../support/stage.ts";
import type { AtEnd, Teller } from "../runner.ts";

/** Exit codes of the command, as the documentation says. */
export const exits = { ok: 0, error: 1, changes: 2, unreachable: 3 } as const;

/** What the steps work with. */
export interface World {
  readonly folder: string;
  /** The administrator that the command works as. */
  readonly admin: KeycloakAdmin;
  /** Somebody else with an administrator's rights, and no file. */
  readonly mallory: KeycloakAdmin;
  /** The environment of the command, with the secrets that files refer to. */
  readonly env: Record<string, string>;
  /** The realm that lived, as Keycloak told it at first. */
  lived?: unknown;
  /** `cloudpass realms …`; shows the command and what it answers. Never throws for an exit code. */
  realms(tell: Teller, ...args: readonly string[]): Promise<Finished>;
}

/** Starts an empty Keycloak with two administrators. */
export async function startWorld(atEnd: AtEnd, tell: Teller): Promise<World> {
  const stage = await Stage.open();
  atEnd(() => stage.close());
  const { folder } = stage;
  const keycloak = await startKeycloak({ dir: join(folder, "keycloak") });
  atEnd(() => keycloak.stop());
  const admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const mallory = await anotherAdministrator(admin, "mallory", "of-this-walk-only");
  const environment = join(folder, "environment.yaml");
  const account = `username: ${keycloak.adminUser}, password: {env: KEYCLOAK_PASSWORD}`;
  const keycloaks = `{main: {url: "${keycloak.url}", ${account}}}`;
  await writeFile(environment, `kind: Environment\nissuer: https://login.example\nkeycloaks: ${keycloaks}\n`);
  const idp = (name: string) => `https://idp.example/realms/${name}`;
  const env: Record<string, string> = {
    KEYCLOAK_PASSWORD: keycloak.adminPassword,
    CLOUDPASS_ISSUER: "https://login.example",
    CUSTOMER_A_IDP_ISSUER: idp("a"),
    CUSTOMER_A_IDP_SECRET: "secret of customer a",
    CUSTOMER_B_IDP_ISSUER: idp("b"),
    CUSTOMER_B_IDP_SECRET: "secret of customer b",
  };
  const realms: World["realms"] = async (teller, ...args) => {
    const shown = `cloudpass realms ${args.join(" ").replaceAll(`${folder}/`, "")}`;
    teller.say(`$ ${shown}`);
    const all = ["realms", ...args, ...(args[0] === "validate" ? [] : ["--environment", environment])];
    const finished = await stage.cloudpass(all, { env, silent: true, mayFail: true });
    const lines = `${finished.stdout}${finished.stderr}`.trim().split("\n");
    for (const line of lines.slice(0, 12)) teller.say(`| ${line}`);
    if (lines.length > 12) teller.say(`| … ${lines.length - 12} more lines`);
    return finished;
  };
  tell.say(`an empty Keycloak, ${keycloak.url}, with the administrators ${keycloak.adminUser} and mallory`);
  return { folder, admin, mallory, env, realms };
}

async function anotherAdministrator(admin: KeycloakAdmin, username: string, password: string): Promise<KeycloakAdmin> {
  const credentials = [{ type: "password", value: password, temporary: false }];
  const person = {
    username,
    enabled: true,
    email: `${username}@ops.example`,
    firstName: "M",
    lastName: "M",
    credentials,
  };
  const id = String(await admin.call("POST", "/master/users", person));
  await admin.call("POST", `/master/users/${id}/role-mappings/realm`, [await admin.get("/master/roles/admin")]);
  return keycloakAdmin(admin.url, username, password);
}
