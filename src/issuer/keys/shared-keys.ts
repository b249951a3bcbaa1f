import { Fault, type Seal, seconds } from "../../core/index.ts";
import { defineKind, type Store } from "../../store/index.ts";
import type { KeyHome } from "./key-home.ts";
import { type KeyDocument, readDocument } from "./stored-key.ts";

/** The key set in the store: encrypted, since a dump of the store must open nothing (S-22). `state` is the revision. */
interface SharedKeys {
  readonly state: string;
  readonly sealed: string;
}

/** Lasting: an epoch that changes ends logins, not the issuer. An older set is known by its revision. */
const sharedKeysKind = defineKind<SharedKeys>()("key-set", ["state", "sealed"], { lasting: true });
const id = "issuer";
const sealPurpose = "key set";

/** There is no record without an end; this one's is ten years after its last change. */
const keptFor = seconds(10 * 365 * 86_400);

/** One key set for all instances that share a store, encrypted with the master key. */
export function sharedKeyHome(deps: { store: Store; seal: Seal }): KeyHome {
  const { store, seal } = deps;
  const recordOf = (document: KeyDocument): SharedKeys => ({
    state: String(document.revision),
    sealed: seal.encrypt(sealPurpose, JSON.stringify(document)),
  });
  return {
    name: "shared key set",
    read: async () => {
      const record = await store.get(sharedKeysKind, id);
      if (!record) throw unusable("there is none: `cloudpass keys create` makes the first, `keys import` restores one");
      const text = seal.decrypt(sealPurpose, record.sealed);
      if (text === undefined) throw unusable("it was encrypted with another master key, or changed");
      const document = readDocument(text);
      if (!document || String(document.revision) !== record.state) throw unusable("it is not a key set of version 2");
      return document;
    },
    replace: async (known, next) => {
      const patch = recordOf(next);
      const { outcome } = await store.advance(sharedKeysKind, id, [String(known.revision)], patch, { ttl: keptFor });
      return outcome === "won";
    },
    create: async (first) => {
      const made = await store.put(sharedKeysKind, id, recordOf(first), { ttl: keptFor });
      if (made !== "created") throw unusable("there is one already");
    },
  };
}

const unusable = (message: string): Fault => new Fault("shared key set", "reading it", { retryable: false, message });
