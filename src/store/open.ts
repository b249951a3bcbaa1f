import type { Clock, Random, Secret } from "../core/index.ts";
import { createMemoryStore } from "./memory.ts";
import type { Store } from "./port.ts";

/** Which store, as the broker's configuration says it. */
type StoreChoice =
  | { readonly kind: "memory" }
  | { readonly kind: "redis"; readonly url: Secret; readonly prefix: string };

/** Opens the store that the configuration names. Throws `Fault` when its server does not answer. */
export async function openStore(choice: StoreChoice, deps: { clock: Clock; random: Random }): Promise<Store> {
  if (choice.kind === "memory") return createMemoryStore(deps);
  // Loaded when it is asked for: ioredis takes 20 MB that a broker on memory has no use for.
  const { createRedisStore } = await import("./redis/redis-store.ts");
  return createRedisStore({ ...choice, ...deps });
}
