import { Redis } from "ioredis";
import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** Models that are marked as used instead of being removed. */
const consumable = new Set(["AuthorizationCode", "RefreshToken", "DeviceCode", "BackchannelAuthenticationRequest"]);
/** Models that hang on a grant. */
const granted = new Set(["AccessToken", "AuthorizationCode", "RefreshToken", "DeviceCode"]);

const now = () => Math.floor(Date.now() / 1000);

/** Everything in maps, as the library's own memory adapter, but without its limit of 1000 entries. */
export function mapAdapter(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>();
  const pointers = new Map<string, string>();
  return (name): Adapter => {
    const key = (id: string) => `${name}:${id}`;
    const pointed = async (pointer: string) => {
      const id = pointers.get(pointer);
      return id === undefined ? undefined : kept.get(key(id));
    };
    return {
      upsert: async (id, payload) => {
        kept.set(key(id), payload);
        if (payload.userCode) pointers.set(`user:${payload.userCode}`, id);
        if (payload.uid) pointers.set(`uid:${payload.uid}`, id);
      },
      find: async (id) => kept.get(key(id)),
      findByUserCode: (code) => pointed(`user:${code}`),
      findByUid: (uid) => pointed(`uid:${uid}`),
      consume: async (id) => {
        const found = kept.get(key(id));
        if (found) found["consumed"] = now();
      },
      destroy: async (id) => void kept.delete(key(id)),
      revokeByGrantId: async () => undefined,
    };
  };
}

/** The layout of the library's own example for Redis: a hash for what is consumed, text for the rest, a list per grant. */
export function redisAdapter(url: string): AdapterFactory {
  const redis = new Redis(url, { enableAutoPipelining: true, keyPrefix: "provider:" });
  return (name): Adapter => {
    const key = (id: string) => `${name}:${id}`;
    const find = async (id: string): Promise<AdapterPayload | undefined> => {
      if (!consumable.has(name)) {
        const text = await redis.get(key(id));
        return text === null ? undefined : (JSON.parse(text) as AdapterPayload);
      }
      const { payload, ...rest } = await redis.hgetall(key(id));
      return payload === undefined ? undefined : { ...rest, ...(JSON.parse(payload) as AdapterPayload) };
    };
    const pointed = async (pointer: string) => {
      const id = await redis.get(pointer);
      return id === null ? undefined : find(id);
    };
    return {
      find,
      findByUserCode: (code) => pointed(`user:${code}`),
      findByUid: (uid) => pointed(`uid:${uid}`),
      upsert: async (id, payload, expiresIn = 900) => {
        const multi = redis.multi();
        const text = JSON.stringify(payload);
        if (consumable.has(name)) multi.hset(key(id), { payload: text });
        else multi.set(key(id), text);
        multi.expire(key(id), expiresIn);
        if (granted.has(name) && payload.grantId) {
          multi.rpush(`grant:${payload.grantId}`, key(id));
          multi.expire(`grant:${payload.grantId}`, expiresIn);
        }
        if (payload.userCode) multi.set(`user:${payload.userCode}`, id, "EX", expiresIn);
        if (payload.uid) multi.set(`uid:${payload.uid}`, id, "EX", expiresIn);
        await multi.exec();
      },
      consume: async (id) => void (await redis.hset(key(id), "consumed", now())),
      destroy: async (id) => void (await redis.del(key(id))),
      revokeByGrantId: async () => undefined,
    };
  };
}
