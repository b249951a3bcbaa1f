export { createMemoryStore, type MemoryStore, type MemoryStoreDeps } from "./memory.ts";
export {
  type Advance,
  type Budget,
  type Creation,
  defineKind,
  type Keeping,
  type Kind,
  type PutOutcome,
  type Spending,
  type Store,
} from "./port.ts";
export { createRedisStore, type RedisStoreDeps } from "./redis/redis-store.ts";
