import { Bug, type Clock, every, Fault, type Random, type Seconds, token } from "../core/index.ts";
import { checkBudget, checkCosts } from "./budget.ts";
import { ExpiryQueue, type Mortal } from "./expiry.ts";
import { type Entry, MemoryBudgets } from "./memory-budgets.ts";
import type { Advance, Budget, Cost, Creation, Keeping, Kind, PutOutcome, Spending, Store, Visit } from "./port.ts";
import {
  checkAsked,
  checkCreations,
  checkIds,
  checkKindName,
  checkTtl,
  decodeValue,
  encodeValue,
  tagsOf,
  withoutUndefined,
} from "./record.ts";
import { type LookingTag, storedTag, type Tag } from "./tag.ts";

/** What the memory store is given. */
interface MemoryStoreDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** Ended entries removed beside one write: more than a write can add, so that nothing piles up. */
const sweptPerWrite = 16;
/** Ended entries removed per second when nobody writes: about 5 ms of work. */
const sweptPerSecond = 5_000;

interface Kept extends Entry {
  /** The value as text: a caller can neither change what is kept nor see another caller's changes. */
  text: string;
  readonly kind: string;
  readonly id: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
}

/** The embedded store: one process, state gone with it. */
export interface MemoryStore extends Store {
  /** How many records, aliases, tags, replay guards, budgets and refusals are held: for the metrics. */
  held(): number;
}

/** Makes the embedded store. Each verb is one synchronous step, hence atomic. */
export function createMemoryStore(deps: MemoryStoreDeps): MemoryStore {
  return new EmbeddedStore(deps);
}

class EmbeddedStore implements MemoryStore {
  readonly #records = new Map<string, Kept>();
  readonly #aliases = new Map<string, Kept>();
  readonly #tagged = new Map<string, Set<Kept>>();
  readonly #revoked = new Map<string, Entry>();
  readonly #once = new Map<string, Entry>();
  readonly #ends = new ExpiryQueue<Entry>();
  readonly #budgets = new MemoryBudgets(this.#ends);
  readonly #clock: Clock;
  readonly #epoch: string;
  readonly #stopSweeping: () => void;
  #latest = 0;
  #open = true;

  constructor({ clock, random }: MemoryStoreDeps) {
    this.#clock = clock;
    this.#epoch = token(random, 16);
    this.#stopSweeping = every(1000, () => this.#sweep(this.#now(), sweptPerSecond));
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
    checkCosts(costs);
    const now = this.#write("put");
    if (this.#isRevoked(creation, now)) return "revoked";
    if (!this.#isFree(creation, now)) return "exists";
    if (!this.#budgets.spendAll(costs, 1, now)) return "refused";
    this.#make(creation, now);
    return "created";
  }

  async get<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined> {
    checkAsked(kind, id);
    const kept = this.#find(kind.name, id, this.#read("get"));
    return kept && decodeValue(kind, kept.text);
  }

  async resolve<T extends object>(kind: Kind<T>, alias: string): Promise<{ id: string; value: T } | undefined> {
    checkAsked(kind, alias);
    const kept = live(this.#aliases.get(`${kind.name}:${alias}`), this.#read("resolve"));
    return kept && { id: kept.id, value: decodeValue(kind, kept.text) };
  }

  async take<T extends object>(kind: Kind<T>, id: string): Promise<T | undefined> {
    checkAsked(kind, id);
    const kept = this.#find(kind.name, id, this.#write("take"));
    if (kept) this.#drop(kept);
    return kept && decodeValue(kind, kept.text);
  }

  async advance<T extends { readonly state: string }>(
    kind: Kind<T>,
    id: string,
    from: readonly T["state"][],
    patch: Partial<T>,
    more: { readonly ttl?: Seconds; readonly create?: readonly Creation[]; readonly giveBack?: readonly Cost[] } = {},
  ): Promise<Advance<T>> {
    const { create = [], giveBack = [] } = more;
    checkAsked(kind, id);
    checkCreations(create);
    checkCosts(giveBack);
    if (more.ttl !== undefined) checkTtl(more.ttl);
    const now = this.#write("advance");
    const kept = this.#find(kind.name, id, now);
    if (!kept) return { outcome: "absent" };
    const current = decodeValue(kind, kept.text);
    if (!from.includes(current.state)) return { outcome: "stale", current };
    if (create.some((c) => this.#isRevoked(c, now))) return { outcome: "absent" };
    if (!create.every((c) => this.#isFree(c, now))) throw new Bug("advance: an id or alias to be made is taken");
    kept.text = encodeValue(kind, { ...current, ...withoutUndefined(patch) });
    if (more.ttl !== undefined) this.#keepUntil(kept, now + more.ttl * 1000);
    for (const c of create) this.#make(c, now);
    this.#budgets.spendAll(giveBack, -1, now);
    return { outcome: "won", value: decodeValue(kind, kept.text) };
  }

  async once(kind: string, id: string, ttl: Seconds): Promise<boolean> {
    checkKindName(kind);
    checkIds(id);
    checkTtl(ttl);
    const now = this.#write("once");
    const key = `${kind}:${id}`;
    const seen = this.#once.get(key);
    if (live(seen, now)) return false;
    if (seen) this.#ends.remove(seen);
    this.#once.set(key, this.#mortal({ ends: now + ttl * 1000, place: 0, forget: () => this.#once.delete(key) }));
    return true;
  }

  async visit<T extends object>(kind: Kind<T>, id: string, budget: Budget): Promise<Visit<T> | undefined> {
    checkAsked(kind, id);
    checkBudget(budget, 1);
    const now = this.#write("visit");
    const kept = this.#find(kind.name, id, now);
    return kept && { value: decodeValue(kind, kept.text), spending: this.#budgets.spend(budget, id, 1, now) };
  }

  async spend(budget: Budget, key: string, units = 1): Promise<Spending> {
    checkBudget(budget, units);
    checkIds(key);
    return this.#budgets.spend(budget, key, units, this.#write("spend"));
  }

  async spendAll(costs: readonly Cost[], units: 1 | -1 = 1): Promise<boolean> {
    checkCosts(costs);
    return this.#budgets.spendAll(costs, units, this.#write("spendAll"));
  }

  async revoke(tag: Tag, ttl: Seconds): Promise<number> {
    const name = storedTag(tag);
    checkIds(name);
    checkTtl(ttl);
    const now = this.#write("revoke");
    const members = [...(this.#tagged.get(name) ?? [])];
    for (const kept of members) this.#drop(kept);
    const ends = now + ttl * 1000;
    const before = this.#revoked.get(name);
    if (before) this.#keepUntil(before, Math.max(before.ends, ends));
    else this.#revoked.set(name, this.#mortal({ ends, place: 0, forget: () => this.#revoked.delete(name) }));
    return members.filter((kept) => kept.ends > now).length;
  }

  async list<T extends object>(kind: Kind<T>, tag: Tag | LookingTag): Promise<readonly { id: string; value: T }[]> {
    const name = storedTag(tag);
    checkAsked(kind, name);
    const now = this.#read("list");
    return [...(this.#tagged.get(name) ?? [])]
      .filter((kept) => kept.kind === kind.name && kept.ends > now)
      .sort((a, b) => a.ends - b.ends)
      .map(({ id, text }) => ({ id, value: decodeValue(kind, text) }));
  }

  async epoch(): Promise<string> {
    this.#read("epoch");
    return this.#epoch;
  }

  async ping(): Promise<void> {
    this.#read("ping");
  }

  held(): number {
    const maps = [this.#records, this.#aliases, this.#tagged, this.#revoked, this.#once, this.#budgets];
    return maps.reduce((sum, map) => sum + map.size, 0);
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#stopSweeping();
  }

  /** The store's time never runs backwards: what was seen as ended stays ended when the machine's clock is set back. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#clock.millis());
    return this.#latest;
  }

  #read(operation: string): number {
    if (!this.#open) throw new Fault("memory store", operation, { message: "it was closed", retryable: false });
    return this.#now();
  }

  #write(operation: string): number {
    const now = this.#read(operation);
    this.#sweep(now, sweptPerWrite);
    return now;
  }

  #sweep(now: number, atMost: number): void {
    for (let n = 0; n < atMost; n++) {
      const entry = this.#ends.due(now);
      if (!entry) return;
      this.#ends.remove(entry);
      entry.forget();
    }
  }

  #mortal<E extends Entry>(entry: E): E {
    this.#ends.add(entry);
    return entry;
  }

  #keepUntil(entry: Entry, ends: number): void {
    entry.ends = ends;
    this.#ends.moved(entry);
  }

  #find(kind: string, id: string, now: number): Kept | undefined {
    return live(this.#records.get(`${kind}:${id}`), now);
  }

  #isRevoked(creation: Creation, now: number): boolean {
    return tagsOf(creation).some((tag) => live(this.#revoked.get(tag), now));
  }

  #isFree({ kind, id, aliases = [] }: Creation, now: number): boolean {
    return !this.#find(kind.name, id, now) && !aliases.some((a) => live(this.#aliases.get(`${kind.name}:${a}`), now));
  }

  #make({ kind, id, value, ttl, aliases = [], ...keeping }: Creation, now: number): void {
    const left = [
      this.#records.get(`${kind.name}:${id}`),
      ...aliases.map((a) => this.#aliases.get(`${kind.name}:${a}`)),
    ];
    for (const ended of new Set(left)) if (ended) this.#drop(ended);
    const kept: Kept = this.#mortal({
      text: encodeValue(kind, value),
      kind: kind.name,
      id,
      aliases,
      tags: tagsOf(keeping),
      ends: now + ttl * 1000,
      place: 0,
      forget: () => this.#forget(kept),
    });
    this.#records.set(`${kind.name}:${id}`, kept);
    for (const alias of aliases) this.#aliases.set(`${kind.name}:${alias}`, kept);
    for (const tag of kept.tags) {
      const members = this.#tagged.get(tag);
      if (members) members.add(kept);
      else this.#tagged.set(tag, new Set([kept]));
    }
  }

  #drop(kept: Kept): void {
    this.#ends.remove(kept);
    this.#forget(kept);
  }

  #forget(kept: Kept): void {
    this.#records.delete(`${kept.kind}:${kept.id}`);
    for (const alias of kept.aliases) this.#aliases.delete(`${kept.kind}:${alias}`);
    for (const tag of kept.tags) {
      const members = this.#tagged.get(tag);
      members?.delete(kept);
      if (members?.size === 0) this.#tagged.delete(tag);
    }
  }
}

const live = <E extends Mortal>(entry: E | undefined, now: number): E | undefined =>
  entry !== undefined && entry.ends > now ? entry : undefined;
