import type { Instant, Person } from "../../core/index.ts";
import type { Kind, Store } from "../../store/index.ts";

/** Says whether what hangs on a person, and began then, still stands. */
type Stands = (person: Person, began: Instant | undefined) => boolean;

/**
 * The store as it looks while identity providers may be closed: a record whose subject, as its kind declares it, came
 * from a closed one is not there. One place for every path, also for those that nobody has thought of yet (S-35): a
 * browser session is nobody's, a refresh or access token opens nothing, a code or a device approval that was not
 * redeemed is unknown.
 */
export function gatedStore(store: Store, stands: Stands): Store {
  const isOpen = <T extends object>(kind: Kind<T>, value: T): boolean => {
    const subject = kind.subject?.(value);
    return subject === undefined || stands(subject.person, subject.began);
  };
  const gate = <T extends object>(kind: Kind<T>, value: T | undefined): T | undefined =>
    value !== undefined && isOpen(kind, value) ? value : undefined;
  return {
    ...methodsOf(store),
    get: async (kind, id) => gate(kind, await store.get(kind, id)),
    resolve: async (kind, alias) => {
      const found = await store.resolve(kind, alias);
      return found && isOpen(kind, found.value) ? found : undefined;
    },
    take: async (kind, id) => gate(kind, await store.take(kind, id)),
    visit: async (kind, id, budget) => {
      const found = await store.visit(kind, id, budget);
      return found && isOpen(kind, found.value) ? found : undefined;
    },
    list: async (kind, tag) => (await store.list(kind, tag)).filter(({ value }) => isOpen(kind, value)),
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
