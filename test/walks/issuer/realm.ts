import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world.ts";

// What Keycloak itself says of its realm, by its admin API.

/** How long something that is pushed may take, in seconds. */
const patience = 15;

/** True while Keycloak has a session of this person, in the browser or offline. */
export async function isAtKeycloak(world: World, email: string): Promise<boolean> {
  const { online, offline } = await sessionsOf(world, email);
  return online.length + offline.length > 0;
}

/** Ends every session of a person in Keycloak, as an administrator does in its console. */
export async function endAtKeycloak(world: World, email: string): Promise<void> {
  const { online, offline } = await sessionsOf(world, email);
  if (offline.length === 0) throw new Error(`Keycloak has no offline session of ${email}`);
  const { admin } = world.stack;
  for (const { id } of offline) await admin.call("DELETE", `/scs/sessions/${String(id)}?isOffline=true`);
  // One of the same id may have gone with it.
  for (const { id } of online) await admin.call("DELETE", `/scs/sessions/${String(id)}`).catch(() => undefined);
}

/** Waits until it holds; answers the seconds it took. Throws, saying what did not happen, after 15 seconds. */
export async function soon(otherwise: string, holds: () => Promise<boolean>): Promise<string> {
  for (const started = Date.now(); ; await sleep(100)) {
    const passed = (Date.now() - started) / 1000;
    if (await holds()) return passed.toFixed(1);
    if (passed > patience) throw new Error(`${otherwise} within ${patience} s`);
  }
}

async function sessionsOf({ stack: { admin } }: World, email: string) {
  const [user] = await admin.list(`/scs/users?exact=true&email=${encodeURIComponent(email)}`);
  const [broker] = await admin.list("/scs/clients?clientId=cloudpass");
  if (!user || !broker) throw new Error(`Keycloak does not know ${email}`);
  const of = `/scs/users/${String(user["id"])}`;
  return {
    online: await admin.list(`${of}/sessions`),
    offline: await admin.list(`${of}/offline-sessions/${String(broker["id"])}`),
  };
}
