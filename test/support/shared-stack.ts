import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RealStack, startRealStack } from "./real-stack.ts";
import { Stage } from "./stage.ts";

/** Short, so that a test sees a token expire and be renewed; long enough for the clients' own clock slack. */
const yaml = "lifetimes: {accessToken: 60s}\n";

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
  const stack = await startRealStack(
    folder,
    {
      say: () => undefined,
      cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout,
    },
    yaml,
  );
  return { stack, stage };
}
