import type { Store } from "./port.ts";
import type { RedisStoreDeps } from "./redis/redis-store.ts";

export { createMemoryStore, type MemoryStore } from "./memory.ts";
export { openStore } from "./open.ts";
export {
  type Advance,
  type Budget,
  type Cost,
  type Creation,
  defineKind,
  type Kind,
  type Spending,
  type Store,
  type StoredForm,
} from "./port.ts";
export { renamedFields, storedPerson, storedRefusal } from "./stored-names.ts";
export type { LookingTag, Tag } from "./tag.ts";

/** The store on one Redis. Loaded when it is asked for: ioredis takes 20 MB that a broker on memory has no use for. */
export async function createRedisStore(deps: RedisStoreDeps): Promise<Store> {
  return (await import("./redis/redis-store.ts")).createRedisStore(deps);
}
