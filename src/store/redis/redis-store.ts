import { Bug, type Clock, type Random, type Seconds, type Secret } from "../../core/index.ts";
import { checkBudget, checkCosts, pieceOf, spendingOf } from "../budget.ts";
import type { Advance, Budget, Cost, Creation, Keeping, Kind, PutOutcome, Spending, Store, Visit } from "../port.ts";
import {
  checkAsked,
  checkCreations,
  checkIds,
  checkKindName,
  checkTtl,
  decodeValue,
  encodeFields,
  encodeValue,
  tagsOf,
} from "../record.ts";
import { type LookingTag, storedTag, type Tag } from "../tag.ts";
import { Connection, type Home } from "./connection.ts";

/** What the Redis store is given. */
export interface RedisStoreDeps {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: Secret;
  readonly clock: Clock;
  readonly random: Random;
  /** Before every key; lets several brokers share a server. Default `cloudpass:`. */
  readonly prefix?: string;
}

/**
 * The store on one Redis server (6.2 or newer), for many instances. Connects in the background: while the server is
 * away every verb throws `Fault("redis", …)` at once. The server should run with `appendfsync always` or without any
 * persistence; with anything between, a restart changes the epoch, as does a replica that takes over and a copy that is
 * restored.
 */
export function createRedisStore({ url, clock, random, prefix = "cloudpass:" }: RedisStoreDeps): Store {
  if (!/^[\x21-\x7e]{0,64}$/.test(prefix)) throw new Bug("redis: malformed key prefix");
  return new RedisStore(new Connection({ url, clock, random, prefix }));
}

class RedisStore implements Store {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async put<T extends object>(
    kind: Kind<T>,
    id: string,
    value: T,
    keeping: Keeping,
    costs: readonly Cost[] = [],
  ): Promise<PutOutcome> {
    const creation = { ...keeping, kind, id, value };
    checkCreations([creation]);
    const key = recordKey(kind, id);
    const args = creationArgs(creation);
    if (costs.length === 0) return (await this.#connection.run(homeOf(kind), "put", key, ...args)) as PutOutcome;
    checkCosts(costs);
    const spent = [costs.length, ...costs.flatMap((cost) => spendingArgs(cost, 1))];
    return (await this.#connection.run(homeOf(kind), "buy", key, ...spent, ...args)) as PutOutcome;
  }

  async get<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined> {
    checkAsked(kind, id);
    const raw = await this.#connection.read(homeOf(kind), recordKey(kind, id));
    if (raw === null || Number(raw.slice(0, raw.indexOf("\t"))) <= this.#connection.now()) return undefined;
    return decodeValue(kind, raw.slice(raw.indexOf("\n") + 1));
  }

  async resolve<T extends object>(kind: Kind<T>, alias: string): Promise<{ id: string; value: T } | undefined> {
    checkAsked(kind, alias);
    const key = `a:${kind.name}:${alias}`;
    const found = (await this.#connection.run(homeOf(kind), "resolve", key, kind.name, alias)) as
      | [id: string, value: string]
      | null;
    return found === null ? undefined : { id: found[0], value: decodeValue(kind, found[1]) };
  }

  async take<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined> {
    checkAsked(kind, id);
    const text = await this.#connection.run(homeOf(kind), "take", recordKey(kind, id), kind.name, id);
    return text === null ? undefined : decodeValue(kind, String(text));
  }

  async advance<T extends { readonly state: string }>(
    kind: Kind<T>,
    id: string,
    from: readonly T["state"][],
    patch: Partial<T>,
    {
      ttl,
      create = [],
      giveBack = [],
    }: { readonly ttl?: Seconds; readonly create?: readonly Creation[]; readonly giveBack?: readonly Cost[] } = {},
  ): Promise<Advance<T>> {
    checkAsked(kind, id);
    checkCreations(create);
    checkCosts(giveBack);
    if (ttl !== undefined) checkTtl(ttl);
    const fields = encodeFields(kind, patch);
    const counts = [from.length, fields.length, create.length, giveBack.length];
    const args = [
      ...from.map((state) => JSON.stringify(state)),
      ...fields.flat(),
      ...create.flatMap(creationArgs),
      ...giveBack.flatMap((cost) => spendingArgs(cost, -1)),
    ];
    const about = [kind.name, id, ttl === undefined ? "" : inMillis(ttl)];
    const key = recordKey(kind, id);
    const [outcome, text = ""] = (await this.#connection.run(
      homeOf(kind),
      "advance",
      key,
      ...about,
      ...counts,
      ...args,
    )) as [outcome: string, text?: string];
    switch (outcome) {
      case "won":
        return { outcome, value: decodeValue(kind, text) };
      case "stale":
        return { outcome, current: decodeValue(kind, text) };
      case "absent":
        return { outcome };
      default:
        throw new Bug("advance: an id or alias to be made is taken");
    }
  }

  async once(kind: string, id: string, ttl: Seconds): Promise<boolean> {
    checkKindName(kind);
    checkIds(id);
    checkTtl(ttl);
    const won = await this.#connection.run("epoch", "once", `o:${kind}:${id}`, kind, id, inMillis(ttl));
    return won === 1;
  }

  async spend(budget: Budget, key: string, units = 1): Promise<Spending> {
    checkBudget(budget, units);
    checkIds(key);
    const args = spendingArgs({ budget, key }, units);
    const [granted, used, wholeInMs] = (await this.#connection.run(
      "epoch",
      "spend",
      budgetKey(budget, key),
      ...args,
    )) as [granted: number, used: number, wholeInMs: number];
    return spendingOf(granted === 1, budget, used, wholeInMs);
  }

  async spendAll(costs: readonly Cost[], units: 1 | -1 = 1): Promise<boolean> {
    checkCosts(costs);
    const [first] = costs;
    if (!first) return true;
    const args = costs.flatMap((cost) => spendingArgs(cost, units));
    const key = budgetKey(first.budget, first.key);
    return (await this.#connection.run("epoch", "spendAll", key, costs.length, ...args)) === 1;
  }

  async visit<T extends object>(kind: Kind<T>, id: string, budget: Budget): Promise<Visit<T> | undefined> {
    checkAsked(kind, id);
    checkBudget(budget, 1);
    const args = [...spendingArgs({ budget, key: id }, 1), kind.name];
    const found = (await this.#connection.run("epoch", "visit", budgetKey(budget, id), ...args)) as
      | [text: string, outcome: [granted: number, used: number, wholeInMs: number]]
      | null;
    if (found === null) return undefined;
    const [text, [granted, used, wholeInMs]] = found;
    return { value: decodeValue(kind, text), spending: spendingOf(granted === 1, budget, used, wholeInMs) };
  }

  async revoke(tag: Tag, ttl: Seconds): Promise<number> {
    const name = storedTag(tag);
    checkIds(name);
    checkTtl(ttl);
    return Number(await this.#connection.run("epoch", "revoke", `f:${name}`, name, inMillis(ttl)));
  }

  async list<T extends object>(kind: Kind<T>, tag: Tag | LookingTag): Promise<readonly { id: string; value: T }[]> {
    const name = storedTag(tag);
    checkAsked(kind, name);
    const found = (await this.#connection.run(homeOf(kind), "list", `f:${name}`, name, kind.name)) as readonly [
      id: string,
      value: string,
    ][];
    return found.map(([id, text]) => ({ id, value: decodeValue(kind, text) }));
  }

  epoch(): Promise<string> {
    return this.#connection.epoch();
  }

  ping(): Promise<void> {
    return this.#connection.ping();
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

const homeOf = ({ lasting }: Kind<object>): Home => (lasting === true ? "lasting" : "epoch");

const inMillis = (ttl: Seconds): number => Math.ceil(ttl * 1000);

const budgetKey = ({ name }: Budget, key: string): string => `b:${name}:${key}`;

const spendingArgs = ({ budget, key }: Cost, units: number) => [
  budget.name,
  key,
  budget.limit,
  inMillis(budget.window),
  pieceOf(budget),
  units,
];

const recordKey = (kind: Kind<object>, id: string): string => `r:${kind.name}:${id}`;

const creationArgs = ({ kind, id, value, ttl, aliases = [], ...keeping }: Creation) => [
  kind.name,
  id,
  inMillis(ttl),
  tagsOf(keeping).join(" "),
  aliases.join(" "),
  encodeValue(kind, value),
];
