import type { Instant, Person } from "../../core/index.ts";
import type { Store } from "../../store/index.ts";

/** Says whether what hangs on a person, and began then, still stands. */
export type Stands = (person: Person, began: Instant | undefined) => boolean;

/**
 * The store as it looks while identity providers may be closed: a record that hangs on a person of a closed one is not
 * there. One place for every path, also for those that nobody has thought of yet (S-35): a browser session is nobody's, a
 * refresh or access token opens nothing, a code or a device approval that was not redeemed is unknown.
 */
export function gatedStore(store: Store, stands: Stands): Store {
  const gate = <T>(value: T): T | undefined => (isOpen(value, stands) ? value : undefined);
  const gateAll = <T>(found: readonly { id: string; value: T }[]) => found.filter(({ value }) => isOpen(value, stands));
  return {
    ...methodsOf(store),
    get: async (kind, id) => gate(await store.get(kind, id)),
    resolve: async (kind, alias) => {
      const found = await store.resolve(kind, alias);
      return found && isOpen(found.value, stands) ? found : undefined;
    },
    take: async (kind, id) => gate(await store.take(kind, id)),
    visit: async (kind, id, budget) => {
      const found = await store.visit(kind, id, budget);
      return found && isOpen(found.value, stands) ? found : undefined;
    },
    list: async (kind, tag) => gateAll(await store.list(kind, tag)),
  };
}

/** The store's own methods, whether it is an object or an instance of a class. */
const methodsOf = (store: Store): Store => ({
  put: (...args) => store.put(...args),
  get: (...args) => store.get(...args),
  resolve: (...args) => store.resolve(...args),
  take: (...args) => store.take(...args),
  advance: (...args) => store.advance(...args),
  once: (...args) => store.once(...args),
  spend: (...args) => store.spend(...args),
  spendAll: (...args) => store.spendAll(...args),
  visit: (...args) => store.visit(...args),
  revoke: (...args) => store.revoke(...args),
  list: (...args) => store.list(...args),
  epoch: () => store.epoch(),
  ping: () => store.ping(),
  close: () => store.close(),
});

/** Records that hang on a person have it whole under `person`; those that last have the moment they began. */
function isOpen(value: unknown, stands: Stands): boolean {
  if (typeof value !== "object" || value === null || !("person" in value)) return true;
  const { person, startedAt } = value as { person?: unknown; startedAt?: Instant };
  return !isPerson(person) || stands(person, startedAt);
}

/** A name or pseudonym under `person` opens nothing for anybody, so it is not held back either. */
const isPerson = (value: unknown): value is Person =>
  typeof value === "object" && value !== null && "upstream" in value && "upstreamIssuer" in value;
