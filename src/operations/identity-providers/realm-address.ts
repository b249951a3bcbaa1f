import type { Environment } from "../../config/index.ts";
import { createFetch } from "../../http-client/index.ts";
import { readObject, textOf } from "../../probe/index.ts";

/** How long Keycloak may take to say its name, in milliseconds: without it the address in the environment file is good enough. */
const patience = 5_000;

/** Which realm of which Keycloak. */
export interface RealmPlace {
  /** Name of the Keycloak in the environment file. */
  readonly keycloak: string;
  readonly realm: string;
}

/**
 * The address of a realm as browsers and identity providers know it: its issuer, which Keycloak says itself since operators
 * may reach it by another name; or else as the environment file has it. `undefined` where nobody says it.
 */
export async function realmAddress(
  environment: Environment | undefined,
  { keycloak, realm }: RealmPlace,
): Promise<string | undefined> {
  const url = environment?.keycloaks[keycloak]?.url.replace(/\/+$/, "");
  if (url === undefined) return undefined;
  const address = `${url}/realms/${encodeURIComponent(realm)}`;
  try {
    const ask = createFetch({ timeoutMs: patience });
    const answer = await ask(`${address}/.well-known/openid-configuration`);
    return (answer.ok ? textOf(readObject(await answer.text()) ?? {}, "issuer") : undefined) ?? address;
  } catch {
    return address;
  }
}
