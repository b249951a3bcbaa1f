import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RealStack, startRealStack } from "./real-stack.ts";
import { Stage } from "./stage.ts";

/** Seconds. Short, so that a test sees a token expire and be renewed; long enough for the clients' own clock slack. */
export const tokenLife = 60;
const lifetimes = `lifetimes: {accessToken: ${tokenLife}s}\npush: {every: 10s}\n`;

/** The secret of all confidential clients here. */
export const clientSecret = "of-this-run-only-0123456789abcdefghijklmnopqrst";

/** Clients that prove themselves: what an operator of a cloud, its dashboard and a partner would have. */
const clients = [
  { id: "gx1-robot", name: "Command line with a secret", target: "gx1", grants: ["device", "refresh"] },
  {
    id: "gx1-dashboard",
    name: "Dashboard of gx1",
    target: "gx1",
    grants: ["authorization-code", "refresh"],
    redirectUris: ["http://127.0.0.1/redirect_uri"],
  },
  { id: "gx1-gate", name: "The gate of gx1", introspects: ["gx1"] },
  {
    id: "partner",
    name: "Keycloak of a partner",
    grants: ["authorization-code", "refresh"],
    redirectUris: ["http://127.0.0.1/realms/partner/broker/cloudpass/endpoint"],
  },
].map((client) => ({ ...client, secret: { file: "client-secret" } }));

interface Shared {
  readonly stack: RealStack;
  readonly stage: Stage;
}

const holder = globalThis as { sharedRealStack?: Promise<Shared> };

/**
 * One stack for all e2e files: they run one after the other in one worker that keeps its modules. The servers end with
 * the worker.
 */
export function sharedStack(): Promise<Shared> {
  holder.sharedRealStack ??= start();
  return holder.sharedRealStack;
}

async function start(): Promise<Shared> {
  const stage = await Stage.open();
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-e2e-"));
  await writeFile(join(folder, "client-secret"), clientSecret, { mode: 0o600 });
  const stack = await startRealStack(
    folder,
    {
      say: () => undefined,
      cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout,
    },
    { yaml: `${lifetimes}clients: ${JSON.stringify(clients)}\n` },
  );
  return { stack, stage };
}
